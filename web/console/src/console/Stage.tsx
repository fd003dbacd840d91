import { useState } from "preact/hooks";
import { sessionUrl } from "../api";
import { failureText } from "../i18n";
import { LiveVideo } from "../media/LiveVideo";
import { commonText } from "../text";
import type { CallStatus, SessionDetail } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import styles from "./Stage.module.css";
import { text } from "./text";
import type { OfficerCall } from "./useOfficerCall";

export interface StageProps {
  officer: OfficerCall;
  call: CallStatus | null;
  detail: SessionDetail;
}

/** Both pictures of the call, and what the officer can do with their own. */
export function Stage({ officer, call, detail }: StageProps) {
  const [playing, setPlaying] = useState(false);
  const state = officer.call?.state.value ?? "closed";
  const remote = officer.call?.remote.value ?? null;
  return (
    <>
      <CallNotice officer={officer} />
      <div class={styles.stage}>
        <LiveVideo stream={remote} label={text("room.applicant")} onPlaying={setPlaying} />
        <p class={styles.over} role="status">
          {state === "connecting" ? commonText("call.connecting") : overlay(detail, call, playing)}
        </p>
        <span class={styles.name}>{detail.applicant_name}</span>
        <img
          class={styles.photo}
          src={sessionUrl(detail.id, "id-photo")}
          alt={text("new.photo")}
          title={text("new.photo")}
        />
        {officer.local && (
          <div class={styles.self}>
            <LiveVideo stream={officer.local} label={text("room.you")} self fit="cover" />
          </div>
        )}
        <Controls officer={officer} />
      </div>
    </>
  );
}

/** What covers the applicant's picture while there is none. */
function overlay(detail: SessionDetail, call: CallStatus | null, playing: boolean): string | null {
  if (detail.state === "interrupted") return text("room.lost");
  if (call && !call.applicant.connected) return text("room.waiting");
  return playing ? null : text("room.noPicture");
}

function CallNotice({ officer }: { officer: OfficerCall }) {
  const { call } = officer;
  const failure = call?.failure.value;
  if (call?.state.value === "reconnecting")
    return <Banner tone="caution">{commonText("call.reconnecting")}</Banner>;
  if (call?.state.value !== "refused") return null;
  return (
    <Banner
      tone="danger"
      action={<Button onClick={() => void call.start()}>{commonText("common.retry")}</Button>}
    >
      {commonText("call.refused", { why: failure ? failureText(failure) : "" })}
    </Banner>
  );
}

function Controls({ officer }: { officer: OfficerCall }) {
  const [audio] = officer.local?.getAudioTracks() ?? [];
  const [video] = officer.local?.getVideoTracks() ?? [];
  return (
    <div class={styles.controls}>
      {audio && <Switch track={audio} on="mic" off="micOff" turnOff="common.mute" turnOn="common.unmute" />}
      {video && (
        <Switch
          track={video}
          on="camera"
          off="cameraOff"
          turnOff="common.cameraOff"
          turnOn="common.cameraOn"
        />
      )}
      <button type="button" class={styles.control} onClick={officer.leave} title={text("room.leaveHint")}>
        <Icon name="leave" />
        <span>{text("room.leave")}</span>
      </button>
    </div>
  );
}

interface SwitchProps {
  track: MediaStreamTrack;
  on: "mic" | "camera";
  off: "micOff" | "cameraOff";
  turnOff: "common.mute" | "common.cameraOff";
  turnOn: "common.unmute" | "common.cameraOn";
}

function Switch({ track, on, off, turnOff, turnOn }: SwitchProps) {
  const [enabled, setEnabled] = useState(track.enabled);
  function toggle() {
    track.enabled = !track.enabled;
    setEnabled(track.enabled);
  }
  return (
    <button type="button" class={styles.control} data-off={!enabled || undefined} onClick={toggle}>
      <Icon name={enabled ? on : off} />
      <span>{commonText(enabled ? turnOff : turnOn)}</span>
    </button>
  );
}
