import { useState } from "preact/hooks";
import { voiceMeasured } from "../console/measured";
import { dateTime } from "../format";
import type { Reference, SessionDetail } from "../types";
import { Button } from "../ui/Button";
import { Tag } from "../ui/Tag";
import styles from "./References.module.css";
import { RevokeDialog } from "./RevokeDialog";
import { reviewText } from "./text";

export interface ReferencesProps {
  detail: SessionDetail;
  onChange: (detail: SessionDetail) => void;
}

type Modality = Reference["modality"];

/** What the applicant was compared with: every version, where it came from, and whether it was taken back. */
export function References({ detail, onChange }: ReferencesProps) {
  const [revoking, setRevoking] = useState<Modality | null>(null);
  const revocable = (["face", "voice"] as const).filter((one) => detail.allowed.includes(`revoke_${one}`));
  return (
    <>
      <ul class={styles.references}>
        {detail.references.map((one) => (
          <li key={`${one.modality} ${one.version}`}>
            <span>
              {nameOf(one)} <Tag tone={one.revoked_at ? "caution" : "neutral"}>{stateOf(one)}</Tag>
            </span>
            <small title={one.model}>{origin(one)}</small>
            {voiceMeasured(one) && <small>{voiceMeasured(one)}</small>}
            {one.revoked_at && (
              <small>
                {reviewText("record.revokedAt", { at: dateTime(one.revoked_at), why: one.revoked_why ?? "" })}
              </small>
            )}
          </li>
        ))}
        {detail.references.length === 0 && <li>{reviewText("record.noneYet")}</li>}
      </ul>
      {revocable.map((one) => (
        <Button key={one} size="small" kind="quiet" onClick={() => setRevoking(one)}>
          {reviewText(`revoke.${one}`)}
        </Button>
      ))}
      {revoking && (
        <RevokeDialog
          id={detail.id}
          modality={revoking}
          onClose={() => setRevoking(null)}
          onRevoked={(changed) => {
            setRevoking(null);
            onChange(changed);
          }}
        />
      )}
    </>
  );
}

function nameOf(one: Reference): string {
  const name = reviewText(one.modality === "face" ? "review.idPhoto" : "record.voice");
  return one.version > 1 ? `${name} ${reviewText("record.version", { n: one.version })}` : name;
}

function stateOf(one: Reference): string {
  if (one.revoked_at) return reviewText("record.revoked");
  return reviewText(one.used ? "record.used" : "record.replaced");
}

function origin(one: Reference): string {
  const at = dateTime(one.made_at);
  if (one.taken_from) return reviewText("record.fromInterview", { id: one.taken_from, at });
  return reviewText("record.fromFile", { at });
}
