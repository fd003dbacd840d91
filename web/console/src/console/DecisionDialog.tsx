import { useState } from "preact/hooks";
import { evidenceText } from "../assessment/text";
import { failureText } from "../i18n";
import type { Failure } from "../result";
import { commonText } from "../text";
import type { Outcome, SessionDetail } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { useConsole } from "./context";
import styles from "./DecisionDialog.module.css";
import { text } from "./text";

export interface DecisionDialogProps {
  id: string;
  onClose: () => void;
  onDecided: (detail: SessionDetail) => void;
}

const OUTCOMES: Outcome[] = ["approve", "decline", "refer"];

/** A person decides, with a reason. What was typed stays when the service refuses it. */
export function DecisionDialog({ id, onClose, onDecided }: DecisionDialogProps) {
  const { api, config } = useConsole();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [reason, setReason] = useState("");
  const [checked, setChecked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const needed = config.min_reason_characters;
  const given = reason.trim().length;

  async function decide() {
    setChecked(true);
    if (!outcome || given < needed) return;
    setBusy(true);
    const result = await api.decide(id, outcome, reason.trim());
    setBusy(false);
    if (result.ok) onDecided(result.value);
    else setFailure(result.failure);
  }

  return (
    <Dialog
      title={text("decide.title")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{commonText("common.cancel")}</Button>
          <Button kind="primary" busy={busy} onClick={() => void decide()}>
            {text("decide.submit")}
          </Button>
        </>
      }
    >
      <p class={styles.note}>{text("decide.note")}</p>
      <fieldset class={styles.outcomes}>
        <legend>{text("decide.outcome")}</legend>
        {OUTCOMES.map((one) => (
          <label key={one}>
            <input type="radio" name="outcome" checked={outcome === one} onChange={() => setOutcome(one)} />
            {evidenceText(`outcome.${one}`)}
          </label>
        ))}
        {checked && !outcome && (
          <p role="alert" class={styles.error}>
            {text("decide.outcomeMissing")}
          </p>
        )}
      </fieldset>
      <Field
        label={text("decide.reason")}
        hint={text("decide.reasonHint", { least: needed, n: given })}
        error={checked && given < needed ? text("decide.reasonShort", { least: needed }) : undefined}
      >
        <textarea value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      </Field>
      {failure && <Banner tone="danger">{failureText(failure)}</Banner>}
    </Dialog>
  );
}
