import type { Language } from "../i18n";
import type { Question, Questions, SessionDetail } from "../types";
import { Tag } from "../ui/Tag";
import { AnswerNote } from "./AnswerNote";
import styles from "./QuestionList.module.css";
import { inPageLanguage, inRuns, questionText, spanOf, standing, wording } from "./text";

export interface QuestionListProps {
  /** Null for an interview without, undefined until they are known. */
  questions: Questions | null | undefined;
  detail: Pick<SessionDetail, "language" | "asked" | "consent">;
  onSeek?: (t: number) => void;
}

/** The questions of a sealed interview: those that were asked lead to their answers. */
export function QuestionList({ questions, detail, onSeek }: QuestionListProps) {
  if (questions === undefined) return null;
  if (!questions) return <p>{questionText("questions.none")}</p>;
  const asked = questions.questions.filter((one) => one.state !== "open");
  const open = questions.questions.filter((one) => one.state === "open").map((one) => one.number);
  const why = standing(detail, questions.absent);
  return (
    <>
      {asked.length === 0 && <p>{questionText("questions.noneAsked")}</p>}
      {asked.length > 0 && why && <p class={styles.aside}>{why}</p>}
      <ol class={styles.list}>
        {asked.map((one) => (
          <AskedQuestion key={one.id} question={one} spoken={detail.language} onSeek={onSeek} />
        ))}
      </ol>
      {asked.length > 0 && open.length > 0 && (
        <p class={styles.aside}>{questionText("questions.notAsked", { list: inRuns(open) })}</p>
      )}
      <p class={styles.aside}>
        {questionText("questions.version", {
          name: inPageLanguage(questions.name),
          version: questions.version,
        })}
      </p>
    </>
  );
}

interface AskedQuestionProps {
  question: Question;
  /** The language in which the interview was held. */
  spoken: Language;
  onSeek: QuestionListProps["onSeek"];
}

function AskedQuestion({ question, spoken, onSeek }: AskedQuestionProps) {
  const { asked, read } = wording(question.text, spoken);
  const span = spanOf(question) ?? "";
  const { asked_s: start } = question;
  return (
    <li>
      <header>
        <strong>{question.number}</strong>
        <Tag
          tone={question.role === "probe" ? "info" : "neutral"}
          title={questionText(`roleHint.${question.role}`)}
        >
          {questionText(`role.${question.role}`)}
        </Tag>
        {start !== null && onSeek ? (
          <button
            type="button"
            onClick={() => onSeek(start)}
            aria-label={questionText("answer.jump", { span })}
          >
            {span}
          </button>
        ) : (
          <span>{span}</span>
        )}
      </header>
      <p lang={spoken}>{asked}</p>
      {read && <small>{read}</small>}
      {question.behaviour && <AnswerNote found={question.behaviour} onSeek={onSeek} />}
    </li>
  );
}
