import { useEffect, useState } from "preact/hooks";
import type { JoinApi } from "../api";
import { startLanguage } from "../i18n";
import type { Failure } from "../result";
import type { openStream } from "../stream";
import type { ChallengeCue, Join } from "../types";
import type { Challenge } from "./challenge/challenge";

export interface Invited {
  invitation: Join | null;
  failure: Failure | null;
  /** The customer manager has ended the interview. */
  isOver: boolean;
  load: () => Promise<void>;
  replace: (invitation: Join) => void;
}

/** What the link says, the challenges that come, and the interview's end. */
export function useInvitation(api: JoinApi, open: typeof openStream, challenge: Challenge): Invited {
  const [invitation, setInvitation] = useState<Join | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
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
    const events = open(api.eventsUrl, {
      state: (data) => setEnded(isEnd((data as { state: string }).state)),
      challenge: (data) => challenge.receive(data as ChallengeCue),
    });
    const unfollow = events.state.subscribe((state) => {
      if (state === "lost") challenge.interrupt();
    });
    return () => {
      unfollow();
      events.close();
    };
  }, [hasConsent, api, challenge]);

  const isOver = isEnded || (invitation !== null && isEnd(invitation.state));
  return { invitation, failure, isOver, load, replace: setInvitation };
}

const isEnd = (state: string) => state === "sealed" || state === "decided";
