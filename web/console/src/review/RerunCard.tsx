import { useState } from "preact/hooks";
import { useConsole } from "../console/context";
import { failureText } from "../i18n";
import type { Failure } from "../result";
import type { Rerun } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import styles from "./RerunCard.module.css";
import { differenceText, reviewText } from "./text";

/** Analyse the recording again, and say whether every stored number comes out the same. */
export function RerunCard({ id }: { id: string }) {
  const { api } = useConsole();
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Rerun | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function rerun() {
    setBusy(true);
    setFailure(null);
    const answer = await api.rerun(id);
    setBusy(false);
    if (answer.ok) setResult(answer.value);
    else setFailure(answer.failure);
  }

  return (
    <section class={styles.card}>
      <div>
        <h3>{reviewText("rerun.title")}</h3>
        <p>{reviewText(busy ? "rerun.running" : "rerun.text")}</p>
      </div>
      <Button busy={busy} onClick={() => void rerun()}>
        {reviewText("rerun.start")}
      </Button>
      {result && !busy && <Outcome result={result} />}
      {failure && <Banner tone="danger">{failureText(failure)}</Banner>}
    </section>
  );
}

function Outcome({ result }: { result: Rerun }) {
  const difference = differenceText(result.largest_difference);
  const message = result.equal
    ? reviewText("rerun.equal", {
        observations: result.observations,
        assessments: result.assessments,
        difference,
      })
    : reviewText("rerun.different", { difference, where: result.where });
  return (
    <Banner tone={result.equal ? "good" : "danger"}>
      {message} {reviewText("rerun.took", { s: result.duration_s.toFixed(1) })}
    </Banner>
  );
}
