import { useEffect, useMemo, useState } from "preact/hooks";
import type { JoinApi } from "../api";
import { failureText } from "../i18n";
import { LiveVideo } from "../media/LiveVideo";
import { Call } from "../media/peer";
import { commonText } from "../text";
import type { Join } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import styles from "./ApplicantCall.module.css";
import { joinText } from "./text";

export interface ApplicantCallProps {
  api: JoinApi;
  invitation: Join;
  stream: MediaStream;
  onLeave: () => void;
  makeCall?: (options: ConstructorParameters<typeof Call>[0]) => Call;
}

export function ApplicantCall({ api, invitation, stream, onLeave, makeCall }: ApplicantCallProps) {
  const call = useMemo(() => {
    const make = makeCall ?? ((options) => new Call(options));
    return make({ local: stream, iceServers: invitation.ice_servers, offer: api.offer });
  }, [api, stream]);
  const [isSeen, setSeen] = useState(false);
  const [wasSeen, setWasSeen] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [isSilent, setSilent] = useState(false);
  useEffect(() => {
    void call.start();
    return () => call.close();
  }, [call]);

  const state = call.state.value;
  return (
    <div class={styles.call}>
      <LiveVideo
        stream={call.remote.value}
        label={joinText("call.manager")}
        onPlaying={(seen) => {
          setSeen(seen);
          if (seen) setWasSeen(true);
        }}
        onSoundBlocked={() => setSilent(true)}
      />
      <div class={styles.top}>
        <span class={styles.recording}>{joinText("call.recording")}</span>
        <Notices call={call} />
      </div>
      {!isSeen && (state === "connecting" || state === "connected") && (
        <p class={styles.waiting} role="status">
          {state === "connecting"
            ? commonText("call.connecting")
            : joinText(wasSeen ? "call.paused" : "call.waiting")}
        </p>
      )}
      {isSilent && (
        <button type="button" class={styles.sound} onClick={() => playAll(() => setSilent(false))}>
          {joinText("call.sound")}
        </button>
      )}
      <div class={styles.self}>
        <LiveVideo stream={stream} label={joinText("call.self")} self fit="cover" />
      </div>
      <div class={styles.controls}>
        <MuteButton stream={stream} />
        <button type="button" class={styles.control} onClick={() => setLeaving(true)}>
          <Icon name="leave" size={22} />
          {joinText("call.leave")}
        </button>
      </div>
      {leaving && <LeaveDialog onStay={() => setLeaving(false)} onLeave={onLeave} />}
    </div>
  );
}

/** A touch gives the page the right to sound. */
function playAll(then: () => void) {
  for (const video of document.querySelectorAll("video")) void video.play().then(then, () => undefined);
}

function Notices({ call }: { call: Call }) {
  const failure = call.failure.value;
  if (call.state.value === "reconnecting")
    return <Banner tone="caution">{commonText("call.reconnecting")}</Banner>;
  if (call.state.value !== "refused") return null;
  return (
    <Banner
      tone="danger"
      action={<Button onClick={() => void call.start()}>{commonText("common.retry")}</Button>}
    >
      {commonText("call.refused", { why: failure ? failureText(failure) : "" })}
    </Banner>
  );
}

function MuteButton({ stream }: { stream: MediaStream }) {
  const [track] = stream.getAudioTracks();
  const [isOn, setOn] = useState(track?.enabled ?? false);
  if (!track) return null;
  function toggle(audio: MediaStreamTrack) {
    audio.enabled = !audio.enabled;
    setOn(audio.enabled);
  }
  return (
    <button type="button" class={styles.control} data-off={!isOn || undefined} onClick={() => toggle(track)}>
      <Icon name={isOn ? "mic" : "micOff"} size={22} />
      {commonText(isOn ? "common.mute" : "common.unmute")}
    </button>
  );
}

function LeaveDialog({ onStay, onLeave }: { onStay: () => void; onLeave: () => void }) {
  return (
    <Dialog
      title={joinText("call.leaveTitle")}
      onClose={onStay}
      actions={
        <>
          <Button onClick={onStay}>{joinText("call.leaveStay")}</Button>
          <Button kind="danger" onClick={onLeave}>
            {joinText("call.leave")}
          </Button>
        </>
      }
    >
      <p>{joinText("call.leaveText")}</p>
    </Dialog>
  );
}
