import { useConsole } from "../console/context";
import { useLoad } from "../console/useLoad";
import { clock, percent } from "../format";
import { failureText } from "../i18n";
import { commonText } from "../text";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import type { Answer, Movement } from "./movements";
import { Reel } from "./Reel";
import styles from "./ReplayDialog.module.css";
import { factsText, fellInText, kindText, movementText, regionsText, unitsText } from "./text";
import type { Later } from "./useReel";

export interface ReplayDialogProps {
  session: string;
  movement: Movement;
  /** The answer in which it fell; undefined where that is not known. */
  answer: Answer | null | undefined;
  onClose: () => void;
  later?: Later;
}

/** One movement shown again, with what was measured and the question it fell in. It never says what it means. */
export function ReplayDialog({ session, movement, answer, onClose, later }: ReplayDialogProps) {
  const { api } = useConsole();
  const { value, failure, reload } = useLoad(
    () => api.replay(session, movement.seq),
    `${session} ${movement.seq}`,
  );
  return (
    <Dialog
      wide
      title={movementText("replay.title", { what: kindText(movement), t: clock(movement.onset, true) })}
      onClose={onClose}
      actions={<Button onClick={onClose}>{movementText("replay.close")}</Button>}
    >
      {failure && (
        <Banner tone="danger" action={<Button onClick={reload}>{commonText("common.retry")}</Button>}>
          {failureText(failure)}
        </Banner>
      )}
      {!failure && !value && <p role="status">{movementText("replay.loading")}</p>}
      {value && <Reel replay={value} {...(later && { later })} />}
      <Facts movement={movement} answer={answer} />
      <p class={styles.caution}>{movementText("movement.caution")}</p>
    </Dialog>
  );
}

function Facts({ movement, answer }: Pick<ReplayDialogProps, "movement" | "answer">) {
  return (
    <dl class={styles.facts}>
      {answer !== undefined && (
        <>
          <dt>{movementText("replay.question")}</dt>
          <dd>
            {fellInText(answer)}
            {answer && ` · ${answer.text}`}
          </dd>
        </>
      )}
      <dt>{movementText("replay.regions")}</dt>
      <dd>
        {regionsText(movement)} <small>{movementText("movement.sides")}</small>
      </dd>
      <dt>{movementText("replay.measured")}</dt>
      <dd>{factsText(movement)}</dd>
      {movement.units.length > 0 && (
        <>
          <dt>{movementText("replay.units")}</dt>
          <dd>{unitsText(movement)}</dd>
        </>
      )}
      {movement.resembles.length > 0 && (
        <>
          <dt>{movementText("replay.resembles")}</dt>
          <dd>
            {movement.resembles
              .map(([name, p]) => movementText(`class.${name}`, { p: percent(p) }))
              .join(" · ")}
          </dd>
        </>
      )}
    </dl>
  );
}
