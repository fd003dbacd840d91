import { useState } from "preact/hooks";
import { sessionUrl } from "../api";
import { dateTime } from "../format";
import { failureText } from "../i18n";
import type { Failure } from "../result";
import type { SessionDetail } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { useConsole } from "./context";
import styles from "./Invitation.module.css";
import { text } from "./text";

export interface InvitationProps {
  detail: SessionDetail;
  onChange: (detail: SessionDetail) => void;
}

/** The applicant's one-time link: to copy, to scan, to replace. */
export function Invitation({ detail, onChange }: InvitationProps) {
  const { api } = useConsole();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function renew() {
    setBusy(true);
    const result = await api.joinLink(detail.id);
    setBusy(false);
    setFailure(result.ok ? null : result.failure);
    if (result.ok)
      onChange({
        ...detail,
        join_url: result.value.join_url,
        join_expires_at: result.value.expires_at,
        link_opened: false,
      });
  }

  return (
    <section class={styles.invitation}>
      <h2>{text("lobby.title")}</h2>
      {detail.join_url ? (
        <Link detail={detail} url={detail.join_url} />
      ) : (
        <p class={styles.note}>{text("lobby.noLink")}</p>
      )}
      <Button size="small" busy={busy} onClick={renew}>
        {text("lobby.renew")}
      </Button>
      {failure && <Banner tone="danger">{failureText(failure)}</Banner>}
    </section>
  );
}

function Link({ detail, url }: { detail: SessionDetail; url: string }) {
  const [copied, setCopied] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(url);
    setCopied(true);
  }
  return (
    <>
      <img
        class={styles.qr}
        src={`${sessionUrl(detail.id, "join-qr.svg")}?for=${encodeURIComponent(detail.join_expires_at ?? "")}`}
        alt={text("lobby.qr")}
      />
      <div class={styles.link}>
        <input
          readOnly
          value={url}
          aria-label={text("lobby.link")}
          onFocus={(event) => event.currentTarget.select()}
        />
        {"clipboard" in navigator && (
          <Button onClick={() => void copy()}>{text(copied ? "lobby.copied" : "lobby.copy")}</Button>
        )}
      </div>
      {detail.join_expires_at && (
        <p class={styles.note}>{text("lobby.expires", { at: dateTime(detail.join_expires_at) })}</p>
      )}
    </>
  );
}
