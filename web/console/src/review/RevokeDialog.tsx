import { useState } from "preact/hooks";
import { useConsole } from "../console/context";
import { text } from "../console/text";
import { failureText } from "../i18n";
import type { Failure } from "../result";
import { commonText } from "../text";
import type { Reference, SessionDetail } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { reviewText } from "./text";

export interface RevokeDialogProps {
  id: string;
  modality: Reference["modality"];
  onClose: () => void;
  onRevoked: (detail: SessionDetail) => void;
}

/** A person takes a reference back, with a reason. What was typed stays when the service refuses it. */
export function RevokeDialog({ id, modality, onClose, onRevoked }: RevokeDialogProps) {
  const { api, config } = useConsole();
  const [reason, setReason] = useState("");
  const [checked, setChecked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const needed = config.min_reason_characters;
  const given = reason.trim().length;

  async function revoke() {
    setChecked(true);
    if (given < needed) return;
    setBusy(true);
    const result = await api.revokeReference(id, modality, reason.trim());
    setBusy(false);
    if (result.ok) onRevoked(result.value);
    else setFailure(result.failure);
  }

  return (
    <Dialog
      title={reviewText(`revoke.${modality}`)}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{commonText("common.cancel")}</Button>
          <Button kind="primary" busy={busy} onClick={() => void revoke()}>
            {reviewText("revoke.submit")}
          </Button>
        </>
      }
    >
      <p>{reviewText("revoke.note")}</p>
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
