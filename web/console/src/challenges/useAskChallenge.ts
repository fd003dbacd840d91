import { useState } from "preact/hooks";
import { useConsole } from "../console/context";
import type { Failure, Result } from "../result";
import type { CallStatus, Challenge, ChallengeKind, Consent, SessionDetail } from "../types";
import { isOpen } from "./text";

export interface AskChallenge {
  busy: boolean;
  /** Why the service refused the last request; null where it did not. */
  failure: Failure | null;
  /** The applicant is in the call and can be asked. */
  isReachable: boolean;
  /** Whether this kind can be put to the applicant now. */
  isPossible: (kind: ChallengeKind) => boolean;
  ask: (kind: ChallengeKind) => void;
  cancel: (id: string) => void;
}

export interface AskChallengeProps {
  detail: SessionDetail;
  call: CallStatus | null;
  challenges: readonly Challenge[];
  onChange: (challenge: Challenge) => void;
}

/** Putting challenges to the applicant of an interview, one at a time. */
export function useAskChallenge({ detail, call, challenges, onChange }: AskChallengeProps): AskChallenge {
  const { api } = useConsole();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const latest = challenges.at(-1);
  const isReachable = detail.state === "live" && (call?.applicant.connected ?? false);

  async function send(request: Promise<Result<Challenge>>) {
    setBusy(true);
    setFailure(null);
    const result = await request;
    setBusy(false);
    if (result.ok) onChange(result.value);
    else setFailure(result.failure);
  }
  return {
    busy,
    failure,
    isReachable,
    isPossible: (kind) => isReachable && !(latest && isOpen(latest)) && consentsTo(kind, detail.consent),
    ask: (kind) => void send(api.askChallenge(detail.id, kind)),
    cancel: (id) => void send(api.cancelChallenge(detail.id, id)),
  };
}

/** Light and head turns are measured on the face, digits on the voice. */
function consentsTo(kind: ChallengeKind, consent: Consent | null): boolean {
  return (kind === "digits" ? consent?.voice : consent?.face) ?? false;
}
