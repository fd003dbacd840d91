import styles from "./AnswerRow.module.css";
import type { Answer } from "./movements";
import { movementText, spokenAnswer } from "./text";

export interface AnswerRowProps {
  answers: readonly Answer[];
  duration: number;
  onSeek: (t: number) => void;
}

/** The answers to the questions over the interview's time; each leads to where it begins. */
export function AnswerRow({ answers, duration, onSeek }: AnswerRowProps) {
  return (
    <>
      <p class={styles.name}>{movementText("questions.lane")}</p>
      <ol class={styles.answers}>
        {answers.map((one) => (
          <li
            key={one.id}
            style={{
              left: `${(100 * one.start) / duration}%`,
              width: `${(100 * (one.end - one.start)) / duration}%`,
            }}
            data-role={one.role}
          >
            <button
              type="button"
              onClick={() => onSeek(one.start)}
              title={spokenAnswer(one)}
              aria-label={spokenAnswer(one)}
            >
              {one.number}
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}
