import { useEffect, useState } from "preact/hooks";
import type { JoinApi } from "../api";
import { stopStream } from "../media/devices";
import type { openStream } from "../stream";
import { Button } from "../ui/Button";
import { ApplicantCall } from "./ApplicantCall";
import { Consent } from "./Consent";
import { DeviceCheck } from "./DeviceCheck";
import { Frame } from "./Frame";
import { LinkFailure } from "./LinkFailure";
import { Notice } from "./Notice";
import { joinText } from "./text";
import { useInvitation } from "./useInvitation";

export interface JoinProps {
  api: JoinApi;
  openStream: typeof openStream;
}

/** The applicant's way: consent, camera and microphone, interview. */
export function Join({ api, openStream }: JoinProps) {
  const { invitation, failure, isOver, load, replace } = useInvitation(api, openStream);
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [hasLeft, setLeft] = useState(false);
  useEffect(() => {
    if (isOver) stopStream(stream);
  }, [isOver]);

  function leave() {
    stopStream(stream);
    setStream(null);
    setLeft(true);
    void api.leave();
  }

  if (failure) return <LinkFailure failure={failure} onRetry={() => void load()} />;
  if (!invitation) return <main aria-busy="true" />;
  if (isOver) return <Notice title={joinText("ended.title")} text={joinText("ended.text")} />;
  if (hasLeft) return <Left onReturn={() => setLeft(false)} />;
  if (stream && invitation.consent)
    return <ApplicantCall api={api} invitation={invitation} stream={stream} onLeave={leave} />;
  return (
    <Frame invitation={invitation} step={invitation.consent ? 2 : 1}>
      {invitation.consent ? (
        <DeviceCheck
          onReady={setStream}
          onProblem={({ code, detail }) => void api.report(`media_${code}`, detail.slice(0, 300))}
        />
      ) : (
        <Consent api={api} invitation={invitation} onGiven={replace} />
      )}
    </Frame>
  );
}

function Left({ onReturn }: { onReturn: () => void }) {
  return (
    <Notice
      title={joinText("left.title")}
      text={joinText("left.text")}
      action={
        <Button kind="primary" size="large" onClick={onReturn}>
          {joinText("left.return")}
        </Button>
      }
    />
  );
}
