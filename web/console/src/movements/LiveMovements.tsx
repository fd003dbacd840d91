import { useMemo } from "preact/hooks";
import { useConsole } from "../console/context";
import { useLoad } from "../console/useLoad";
import { language } from "../i18n";
import { MovementList } from "./MovementList";
import { answersOf, type Movement } from "./movements";

/** Movements found so far, during the call. They are not shown again yet: the recording is still being made. */
export function LiveMovements({ id, movements }: { id: string; movements: readonly Movement[] }) {
  const { api } = useConsole();
  // A movement is told after its question was asked: that is when to ask which questions there were.
  const questions = useLoad(() => api.questions(id), `${id} ${movements.length}`);
  const answers = useMemo(
    () => answersOf(questions.value, Number.POSITIVE_INFINITY),
    [questions.value, language.value],
  );
  return <MovementList movements={movements} answers={answers} />;
}
