import type { Language } from "../i18n";
import type { MarkEvent, Question } from "../types";
import { Button } from "../ui/Button";
import { AnswerNote } from "./AnswerNote";
import styles from "./QuestionRow.module.css";
import { questionText, spanOf, stateText, wording } from "./text";

export interface QuestionRowProps {
  question: Question;
  /** The language in which the interview is held. */
  spoken: Language;
  /** Where given, the question can be marked. */
  onMark?: ((event: MarkEvent) => void) | undefined;
  /** Whether the applicant is there to be asked. */
  canAsk: boolean;
  /** Whether the keyboard stands here in the list. */
  isSelected: boolean;
  onSelect: () => void;
}

/** One question, and the mark that comes next. */
export function QuestionRow({ question, spoken, onMark, canAsk, isSelected, onSelect }: QuestionRowProps) {
  const { asked, read } = wording(question.text, spoken);
  const { state, number, role } = question;
  return (
    <li class={styles.row} data-state={state} aria-current={state === "answering" ? "step" : undefined}>
      <span class={styles.number}>{number}</span>
      <span class={styles.role} data-role={role} title={questionText(`roleHint.${role}`)}>
        {questionText(`role.${role}`)}
      </span>
      <div class={styles.text}>
        <p lang={spoken}>{asked}</p>
        {read && <small>{read}</small>}
        {question.behaviour && <AnswerNote found={question.behaviour} />}
      </div>
      <span class={styles.span} title={stateText(question)}>
        {spanOf(question)}
      </span>
      {onMark && (
        <span class={styles.marks} onFocusCapture={onSelect}>
          <Marks question={question} onMark={onMark} canAsk={canAsk} isSelected={isSelected} />
        </span>
      )}
    </li>
  );
}

interface MarksProps {
  question: Question;
  onMark: (event: MarkEvent) => void;
  canAsk: boolean;
  isSelected: boolean;
}

const NEXT = { open: "asked", answering: "answered", answered: "again" } as const;
const KINDS = { open: "plain", answering: "primary", answered: "quiet" } as const;

/** Taking the last mark back, and, last, the mark that comes next. */
function Marks({ question: { state, number }, onMark, canAsk, isSelected }: MarksProps) {
  const next = NEXT[state];
  const event = next === "again" ? "asked" : next;
  const tabIndex = isSelected ? 0 : -1;
  const named = (mark: "asked" | "answered" | "again" | "withdrawn") =>
    questionText("mark.label", { mark: questionText(`mark.${mark}`), n: number });
  return (
    <>
      {state !== "open" && (
        <Button
          kind="quiet"
          size="small"
          label={named("withdrawn")}
          tabIndex={tabIndex}
          onClick={() => onMark("withdrawn")}
        >
          {questionText("mark.withdrawn")}
        </Button>
      )}
      <Button
        kind={KINDS[state]}
        size="small"
        label={named(next)}
        tabIndex={tabIndex}
        disabled={event === "asked" && !canAsk}
        onClick={() => onMark(event)}
      >
        {questionText(`mark.${next}`)}
      </Button>
    </>
  );
}
