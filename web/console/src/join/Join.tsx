import { useEffect, useMemo, useState } from "preact/hooks";
import type { JoinApi } from "../api";
import { stopStream } from "../media/devices";
import type { openStream } from "../stream";
import { Button } from "../ui/Button";
import { ApplicantCall } from "./ApplicantCall";
import { Consent } from "./Consent";
import { Challenge } from "./challenge/challenge";
import type { PageKey } from "./challenge/key";
import { DeviceCheck } from "./DeviceCheck";
import { Frame } from "./Frame";
import { LinkFailure } from "./LinkFailure";
import { Notice } from "./Notice";
import { PageReports } from "./page/reports";
import { joinText } from "./text";
import { useInvitation } from "./useInvitation";

export interface JoinProps {
  api: JoinApi;
  openStream: typeof openStream;
  /** Made when the page was loaded. */
  pageKey: Promise<PageKey | null>;
}

/** The applicant's way: consent, camera and microphone, interview. */
export function Join({ api, openStream, pageKey }: JoinProps) {
  const challenge = useMemo(() => new Challenge({ api, key: pageKey }), [api, pageKey]);
  const reports = useMemo(() => new PageReports(api), [api]);
  const { invitation, failure, isOver, load, replace } = useInvitation(api, openStream, challenge);
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
    return (
      <ApplicantCall
        offer={async (sdp) => api.offer(sdp, (await pageKey)?.spki)}
        invitation={invitation}
        stream={stream}
        challenge={challenge}
        reports={reports}
        onLeave={leave}
      />
    );
  return (
    <Frame invitation={invitation} step={invitation.consent ? 2 : 1}>
      {invitation.consent ? (
        <DeviceCheck
          onReady={setStream}
          onReport={(report) => void reports.add(report)}
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
