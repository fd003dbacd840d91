import { useEffect, useState } from "preact/hooks";
import type { JoinApi } from "../api";
import { startLanguage } from "../i18n";
import type { Failure } from "../result";
import type { openStream } from "../stream";
import type { Join } from "../types";

export interface Invited {
  invitation: Join | null;
  failure: Failure | null;
  /** The customer manager has ended the interview. */
  isOver: boolean;
  load: () => Promise<void>;
  replace: (invitation: Join) => void;
}

/** What the link says, and the interview's end when it comes. */
export function useInvitation(api: JoinApi, open: typeof openStream): Invited {
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
    });
    return () => events.close();
  }, [hasConsent, api]);

  const isOver = isEnded || (invitation !== null && isEnd(invitation.state));
  return { invitation, failure, isOver, load, replace: setInvitation };
}

const isEnd = (state: string) => state === "sealed" || state === "decided";
