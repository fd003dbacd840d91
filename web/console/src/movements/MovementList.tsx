import { clock } from "../format";
import { Button } from "../ui/Button";
import styles from "./MovementList.module.css";
import { type Answer, type Answers, answerAt, type Movement } from "./movements";
import { factsText, fellInText, kindText, movementText, regionsText, spokenMovement } from "./text";

export interface MovementListProps {
  movements: readonly Movement[];
  answers: Answers;
  /** Show one again; left out while the recording is still open. */
  onShow?: (movement: Movement) => void;
}

/** Movements as a plain list, folded up: each with its moment, where it was, and the question it fell in. */
export function MovementList({ movements, answers, onShow }: MovementListProps) {
  if (movements.length === 0) return null;
  return (
    <details class={styles.movements}>
      <summary>{movementText("movement.count", { n: movements.length })}</summary>
      <ol class={styles.list}>
        {movements.map((one) => (
          <li key={one.seq}>
            <Item movement={one} answer={answerAt(answers, one.onset)} onShow={onShow} />
          </li>
        ))}
      </ol>
      <p class={styles.note}>
        {movementText("movement.caution")} {!onShow && movementText("movement.later")}
      </p>
    </details>
  );
}

interface ItemProps {
  movement: Movement;
  answer: Answer | null | undefined;
  onShow: ((movement: Movement) => void) | undefined;
}

function Item({ movement, answer, onShow }: ItemProps) {
  return (
    <>
      <time title={factsText(movement)}>{clock(movement.onset, true)}</time>
      <span>
        <b>{regionsText(movement)}</b>
        <small>{[kindText(movement), fellInText(answer)].filter(Boolean).join(" · ")}</small>
      </span>
      {onShow && (
        <Button
          size="small"
          onClick={() => onShow(movement)}
          label={`${movementText("movement.show")}: ${spokenMovement(movement, answer)}`}
        >
          {movementText("movement.show")}
        </Button>
      )}
    </>
  );
}
