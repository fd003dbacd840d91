import { questionText } from "../questions/text";
import styles from "./AnswerRow.module.css";
import type { Answer } from "./movements";
import { spokenAnswer } from "./text";

export interface AnswerRowProps {
  answers: readonly Answer[];
  duration: number;
  onSeek: (t: number) => void;
}

/** The answers to the questions over the interview's time; each leads to where it begins. */
export function AnswerRow({ answers, duration, onSeek }: AnswerRowProps) {
  return (
    <>
      <p class={styles.name}>{questionText("questions.title")}</p>
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
