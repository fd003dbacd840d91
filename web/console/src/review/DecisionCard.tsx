import { useState } from "preact/hooks";
import { evidenceText } from "../assessment/text";
import { DecisionDialog } from "../console/DecisionDialog";
import { text } from "../console/text";
import { dateTime } from "../format";
import type { SessionDetail } from "../types";
import { Button } from "../ui/Button";
import styles from "./DecisionCard.module.css";

/** What was decided, by whom and why; or the way to decide. */
export function DecisionCard({
  detail,
  onChange,
}: {
  detail: SessionDetail;
  onChange: (detail: SessionDetail) => void;
}) {
  const [deciding, setDeciding] = useState(false);
  const { decision } = detail;
  const canDecide = detail.allowed.includes("decide");
  if (!decision && !canDecide) return null;
  return (
    <section class={styles.card}>
      <div class={styles.words}>
        <h2>{text("list.decision")}</h2>
        {decision ? (
          <>
            <strong>{evidenceText(`outcome.${decision.outcome}`)}</strong>
            <p>{decision.reason}</p>
            <small>{text("decide.by", { by: decision.by, at: dateTime(decision.at) })}</small>
          </>
        ) : (
          <p>{text("decide.note")}</p>
        )}
      </div>
      {canDecide && (
        <Button kind="primary" onClick={() => setDeciding(true)}>
          {text("decide.open")}
        </Button>
      )}
      {deciding && (
        <DecisionDialog
          id={detail.id}
          onClose={() => setDeciding(false)}
          onDecided={(decided) => {
            setDeciding(false);
            onChange(decided);
          }}
        />
      )}
    </section>
  );
}
