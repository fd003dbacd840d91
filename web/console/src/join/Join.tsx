import { useEffect, useState } from "preact/hooks";
import type { JoinApi } from "../api";
import { failureText, startLanguage } from "../i18n";
import { stopStream } from "../media/devices";
import type { Failure } from "../result";
import type { openStream } from "../stream";
import { commonText } from "../text";
import type { Join as Invitation } from "../types";
import { Button } from "../ui/Button";
import { ApplicantCall } from "./ApplicantCall";
import { Consent } from "./Consent";
import { DeviceCheck } from "./DeviceCheck";
import { Frame } from "./Frame";
import { Notice } from "./Notice";
import { joinText } from "./text";

export interface JoinProps {
  api: JoinApi;
  openStream: typeof openStream;
}

const isOver = (state: string) => state === "sealed" || state === "decided";

/** The applicant's way: consent, camera and microphone, interview. */
export function Join({ api, openStream }: JoinProps) {
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [hasLeft, setLeft] = useState(false);
  const [isEnded, setEnded] = useState(false);

  async function load() {
    const result = await api.info();
    setFailure(result.ok ? null : result.failure);
    if (!result.ok) return;
    startLanguage(result.value.language);
    setInvitation(result.value);
  }
  useEffect(() => void load(), [api]);

  const hasConsent = invitation !== null && invitation.consent !== null;
  useEffect(() => {
    if (!hasConsent) return undefined;
    const events = openStream(api.eventsUrl, {
      state: (data) => isOver((data as { state: string }).state) && setEnded(true),
    });
    return () => events.close();
  }, [hasConsent, api]);

  const over = isEnded || (invitation !== null && isOver(invitation.state));
  useEffect(() => {
    if (over) stopStream(stream);
  }, [over]);

  function leave() {
    stopStream(stream);
    setStream(null);
    setLeft(true);
    void api.leave();
  }

  if (failure)
    return (
      <Notice
        title={joinText("link.invalid")}
        text={failureText(failure)}
        hint={failure.status === 0 ? undefined : joinText("link.help")}
        action={
          failure.status === 0 || failure.status >= 500 || failure.status === 429 ? (
            <Button size="large" onClick={() => void load()}>
              {commonText("common.retry")}
            </Button>
          ) : undefined
        }
      />
    );
  if (!invitation) return <main aria-busy="true" />;
  if (over) return <Notice title={joinText("ended.title")} text={joinText("ended.text")} />;
  if (hasLeft)
    return (
      <Notice
        title={joinText("left.title")}
        text={joinText("left.text")}
        action={
          <Button kind="primary" size="large" onClick={() => setLeft(false)}>
            {joinText("left.return")}
          </Button>
        }
      />
    );
  if (!invitation.consent)
    return (
      <Frame invitation={invitation} step={1}>
        <Consent api={api} invitation={invitation} onGiven={setInvitation} />
      </Frame>
    );
  if (!stream)
    return (
      <Frame invitation={invitation} step={2}>
        <DeviceCheck
          onReady={setStream}
          onProblem={(problem) => void api.report(`media_${problem.code}`, problem.detail)}
        />
      </Frame>
    );
  return <ApplicantCall api={api} invitation={invitation} stream={stream} onLeave={leave} />;
}
