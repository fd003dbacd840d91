import { useEffect, useId, useRef, useState } from "preact/hooks";
import { useConsole } from "../console/context";
import { furtherQuestions } from "../console/followSession";
import { failureText } from "../i18n";
import type { Failure } from "../result";
import { isTyping } from "../review/keys";
import type { CallStatus, MarkEvent, Question, Questions, SessionDetail } from "../types";
import { Banner } from "../ui/Banner";
import styles from "./QuestionPanel.module.css";
import { QuestionRow } from "./QuestionRow";
import { inPageLanguage, questionText, standing } from "./text";

export interface QuestionPanelProps {
  detail: SessionDetail;
  /** Only the interview's own officer marks questions. */
  isMine: boolean;
  call: CallStatus | null;
  questions: Questions;
  onChange: (questions: Questions) => void;
}

/** The interview's questions in order: mark when one was asked and answered, and see what the answers gave. */
export function QuestionPanel({ detail, isMine, call, questions, onChange }: QuestionPanelProps) {
  const { api } = useConsole();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const underWay = useRef(new Set<string>());
  const newest = useRef(questions);
  newest.current = questions;
  const list = useRef<HTMLOListElement>(null);
  const id = useId();
  const rows = questions.questions;
  const selected = rows.find((one) => one.id === chosen) ?? present(rows);
  const canAsk = detail.state === "live" && (call?.applicant.connected ?? false);

  const rowOf = (question: Question) => list.current?.children[placeOf(rows, question)];

  /** The button of the mark that comes next is the last of its row. */
  function focus(question: Question | undefined) {
    if (!question) return;
    setChosen(question.id);
    const row = rowOf(question);
    const button = [...(row?.querySelectorAll("button") ?? [])].at(-1);
    button?.focus();
    row?.scrollIntoView?.({ block: "nearest" });
  }

  async function mark(question: Question, event: MarkEvent) {
    const sent = `${question.id} ${event}`;
    if (underWay.current.has(sent)) return;
    underWay.current.add(sent);
    setFailure(null);
    const result = await api.markQuestion(detail.id, question.id, event);
    underWay.current.delete(sent);
    if (!result.ok) {
      setFailure(result.failure);
      return;
    }
    onChange(result.value);
    // By now the officer may have gone elsewhere, and marked or been told of more.
    const isStillThere = rowOf(question)?.contains(document.activeElement);
    const told = furtherQuestions(newest.current, result.value);
    if (event === "answered" && isStillThere) focus(after(told.questions, question));
  }

  function press(event: KeyboardEvent) {
    if (!selected || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isUndo = event.key === "Backspace" && selected.state !== "open";
    if (!by && !isUndo) return;
    event.preventDefault();
    if (by) focus(rows[rows.indexOf(selected) + by]);
    else void mark(selected, "withdrawn");
  }

  useEffect(() => {
    const go = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "q" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isMine && !isTyping(event.target)) focus(present(rows));
    };
    addEventListener("keydown", go);
    return () => removeEventListener("keydown", go);
  });

  return (
    <section class={styles.panel} aria-labelledby={id}>
      <header>
        <h2 id={id} title={setName(questions)}>
          {questionText("questions.title")}
        </h2>
        <span>{questionText("questions.progress", { n: answered(rows), m: rows.length })}</span>
        <span class={styles.state} role="status">
          {standing(detail, questions.absent)}
        </span>
      </header>
      {failure && <Banner tone="danger">{failureText(failure)}</Banner>}
      <ol ref={list} onKeyDown={isMine ? press : undefined}>
        {rows.map((question) => (
          <QuestionRow
            key={question.id}
            question={question}
            spoken={detail.language}
            canAsk={canAsk}
            isSelected={question === selected}
            onSelect={() => setChosen(question.id)}
            onMark={isMine ? (event) => void mark(question, event) : undefined}
          />
        ))}
      </ol>
      {isMine && (
        <p class={styles.keys}>
          {canAsk ? questionText("questions.about") : questionText("questions.away")}{" "}
          <span>{questionText("questions.keys")}</span>
        </p>
      )}
    </section>
  );
}

/** The question that is being answered, else the first that was not asked, else the last. */
function present(rows: readonly Question[]): Question | undefined {
  return (
    rows.find((one) => one.state === "answering") ?? rows.find((one) => one.state === "open") ?? rows.at(-1)
  );
}

/** The next question that was not asked yet. */
function after(rows: readonly Question[], question: Question): Question | undefined {
  return rows.slice(placeOf(rows, question) + 1).find((one) => one.state === "open");
}

const placeOf = (rows: readonly Question[], { id }: Question) => rows.findIndex((one) => one.id === id);

const answered = (rows: readonly Question[]) => rows.filter((one) => one.state === "answered").length;

const setName = ({ name, version }: Questions) =>
  questionText("questions.version", { name: inPageLanguage(name), version });
