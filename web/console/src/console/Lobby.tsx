import { sessionUrl } from "../api";
import { commonText } from "../text";
import type { CallStatus, SessionDetail } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { Invitation } from "./Invitation";
import styles from "./Lobby.module.css";
import { text } from "./text";
import type { OfficerCall } from "./useOfficerCall";
import { VoiceReference } from "./VoiceReference";

export interface LobbyProps {
  detail: SessionDetail;
  call: CallStatus | null;
  officer: OfficerCall;
  onChange: (detail: SessionDetail) => void;
}

/** Before the officer is in the call: the invitation, how far the applicant has come, and the way in. */
export function Lobby({ detail, call, officer, onChange }: LobbyProps) {
  const isReady = call?.applicant.connected ?? (detail.state === "live" || detail.state === "waiting");
  return (
    <div class={styles.lobby}>
      {detail.allowed.includes("join_link") && !isReady && <Invitation detail={detail} onChange={onChange} />}
      <section class={styles.progress}>
        <h2>{text("lobby.progress")}</h2>
        <ol>
          <Step done={detail.link_opened}>{text("lobby.stepLink")}</Step>
          <Step done={detail.consent !== null} note={refusals(detail)}>
            {text("lobby.stepConsent")}
          </Step>
          <Step done={isReady}>{text("lobby.stepReady")}</Step>
        </ol>
        {detail.allowed.includes("offer") && <Entrance officer={officer} />}
      </section>
      <figure class={styles.reference}>
        <img src={sessionUrl(detail.id, "id-photo")} alt="" />
        <figcaption>{text("new.photo")}</figcaption>
      </figure>
      {detail.allowed.includes("replace_voice") && <VoiceReference detail={detail} onChange={onChange} />}
    </div>
  );
}

function Step({ done, note, children }: { done: boolean; note?: string; children: string }) {
  return (
    <li data-done={done || undefined}>
      <span class={styles.mark}>{done && <Icon name="check" size={12} />}</span>
      <span>
        {children}
        {note && <small>{note}</small>}
      </span>
    </li>
  );
}

function Entrance({ officer }: { officer: OfficerCall }) {
  return (
    <div class={styles.entrance}>
      {officer.problem && (
        <Banner tone="danger">
          {commonText(`media.${officer.problem.code}`, { detail: officer.problem.detail })}
        </Banner>
      )}
      <Button kind="primary" busy={officer.opening} onClick={() => void officer.join()}>
        <Icon name="camera" />
        {text("room.join")}
      </Button>
      {officer.problem ? (
        <Button onClick={() => void officer.join(true)}>{text("room.joinRecvOnly")}</Button>
      ) : (
        <p>{text("room.joinHint")}</p>
      )}
    </div>
  );
}

/** What the applicant said no to; what nobody asked them is not a refusal. */
function refusals({ asked, consent }: SessionDetail): string {
  if (!consent) return "";
  const parts = asked.filter((part) => !consent[part]);
  if (parts.length === 0) return "";
  return text("lobby.refused", {
    parts: parts.map((part) => text(`consent.${part}`)).join(commonText("common.comma")),
  });
}
