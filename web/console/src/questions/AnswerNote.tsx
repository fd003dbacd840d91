import { clock } from "../format";
import type { QuestionBehaviour } from "../types";
import styles from "./AnswerNote.module.css";
import { behaviourWords, deviationWords, questionText } from "./text";

export interface AnswerNoteProps {
  found: QuestionBehaviour;
  /** Where given, the answer leads to its moment in the recording. */
  onSeek?: ((t: number) => void) | undefined;
}

/** What was measured in an answer. It points at a question, and never says what is true. */
export function AnswerNote({ found, onSeek }: AnswerNoteProps) {
  const [evidence] = found.evidence;
  const most = deviationWords(found);
  return (
    <p
      class={styles.note}
      data-differs={found.differs || undefined}
      title={found.reason ? found.detail : baselineHint(found)}
    >
      {behaviourWords(found)}
      {most && (
        <span class={styles.most} title={questionText("answer.zHint")}>
          {" "}
          {most}
        </span>
      )}
      {found.differs && <em> {questionText("questions.points")}</em>}
      {evidence && onSeek && (
        <Jump
          span={`${clock(evidence.start)}–${clock(evidence.end)}`}
          onJump={() => onSeek(evidence.start)}
        />
      )}
    </p>
  );
}

function Jump({ span, onJump }: { span: string; onJump: () => void }) {
  return (
    <>
      {" "}
      <button type="button" onClick={onJump} aria-label={questionText("answer.jump", { span })}>
        {span}
      </button>
    </>
  );
}

function baselineHint({ baseline_answers: n, baseline_s: s }: QuestionBehaviour): string {
  return n === null || s === null ? "" : questionText("answer.baselineHint", { n, s: s.toFixed(0) });
}
