import { useEffect, useMemo, useReducer, useState } from "preact/hooks";
import { failureText } from "../i18n";
import { LiveVideo } from "../media/LiveVideo";
import { Call, type CallOptions } from "../media/peer";
import { commonText } from "../text";
import type { Join } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import styles from "./ApplicantCall.module.css";
import type { Challenge } from "./challenge/challenge";
import { Overlay } from "./challenge/Overlay";
import type { PageReports } from "./page/reports";
import { watchPage } from "./page/watch";
import { joinText } from "./text";

export interface ApplicantCallProps {
  offer: CallOptions["offer"];
  invitation: Join;
  stream: MediaStream;
  challenge: Challenge;
  reports: PageReports;
  onLeave: () => void;
  makeCall?: (options: CallOptions) => Call;
  watch?: typeof watchPage;
}

export function ApplicantCall(props: ApplicantCallProps) {
  const { stream, challenge, onLeave } = props;
  const call = useCall(props);
  const isChallenged = challenge.view.value !== null;
  const [isSeen, setSeen] = useState(false);
  const [wasSeen, setWasSeen] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [isSilent, setSilent] = useState(false);
  useEffect(() => {
    if (isChallenged) setLeaving(false);
  }, [isChallenged]);

  const state = call.state.value;
  return (
    <main class={styles.call}>
      <div class={styles.under} inert={isChallenged}>
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
          <Notices call={call} challenge={challenge} />
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
          <MuteButton stream={stream} isCovered={isChallenged} />
          <button type="button" class={styles.control} onClick={() => setLeaving(true)}>
            <Icon name="leave" size={22} />
            {joinText("call.leave")}
          </button>
        </div>
        {leaving && <LeaveDialog onStay={() => setLeaving(false)} onLeave={onLeave} />}
      </div>
      <Overlay challenge={challenge} stream={stream} />
    </main>
  );
}

/** The call, with what the page reports while it lasts. A challenge lasts no longer than its connection. */
function useCall({
  offer,
  invitation,
  stream,
  challenge,
  reports,
  makeCall,
  watch,
}: ApplicantCallProps): Call {
  const call = useMemo(() => {
    const make = makeCall ?? ((options) => new Call(options));
    return make({ local: stream, iceServers: invitation.ice_servers, offer });
  }, [stream]);
  useEffect(() => {
    void call.start();
    const end = (watch ?? watchPage)({ stats: () => call.stats() }, (report) => void reports.add(report));
    const unfollow = call.state.subscribe((state) => {
      if (state !== "connected") challenge.interrupt();
    });
    return () => {
      unfollow();
      end();
      call.close();
    };
  }, [call, challenge, reports]);
  return call;
}

/** A touch gives the page the right to sound. */
function playAll(then: () => void) {
  for (const video of document.querySelectorAll("video")) void video.play().then(then, () => undefined);
}

function Notices({ call, challenge }: { call: Call; challenge: Challenge }) {
  const failure = call.failure.value;
  const notice = challenge.notice.value;
  if (call.state.value === "reconnecting")
    return <Banner tone="caution">{commonText("call.reconnecting")}</Banner>;
  if (call.state.value !== "refused")
    return notice && <Banner tone="info">{joinText(`challenge.${notice}`)}</Banner>;
  return (
    <Banner
      tone="danger"
      action={<Button onClick={() => void call.start()}>{commonText("common.retry")}</Button>}
    >
      {commonText("call.refused", { why: failure ? failureText(failure) : "" })}
    </Banner>
  );
}

/** `isCovered` while a challenge runs, which may turn the microphone on: afterwards the button looks again. */
function MuteButton({ stream }: { stream: MediaStream; isCovered: boolean }) {
  const [track] = stream.getAudioTracks();
  const [, refresh] = useReducer((count: number) => count + 1, 0);
  if (!track) return null;
  const isOn = track.enabled;
  function toggle(audio: MediaStreamTrack) {
    audio.enabled = !audio.enabled;
    refresh(undefined);
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
