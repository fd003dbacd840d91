import { useMemo } from "preact/hooks";
import { language } from "../i18n";
import type { Questions } from "../types";
import { MovementList } from "./MovementList";
import { answersOf, type Movement } from "./movements";

export interface LiveMovementsProps {
  movements: readonly Movement[];
  /** Undefined until they are known. */
  questions: Questions | null | undefined;
}

/** Movements found so far, during the call. They are not shown again yet: the recording is still being made. */
export function LiveMovements({ movements, questions }: LiveMovementsProps) {
  const answers = useMemo(() => answersOf(questions, Number.POSITIVE_INFINITY), [questions, language.value]);
  return <MovementList movements={movements} answers={answers} />;
}
