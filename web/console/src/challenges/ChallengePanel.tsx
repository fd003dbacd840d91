import { useId, useState } from "preact/hooks";
import { useConsole } from "../console/context";
import { failureText } from "../i18n";
import type { Failure, Result } from "../result";
import type { CallStatus, Challenge, ChallengeKind, Consent, SessionDetail } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { ChallengeCard } from "./ChallengeCard";
import styles from "./ChallengePanel.module.css";
import { challengeText, isOpen } from "./text";

export interface ChallengePanelProps {
  detail: SessionDetail;
  /** Only the interview's own officer puts challenges. */
  isMine: boolean;
  call: CallStatus | null;
  challenges: readonly Challenge[];
  onChange: (challenge: Challenge) => void;
}

const KINDS = ["flash", "pose", "digits"] as const;

/** Put a challenge to the applicant, see it go on, read what came of it. */
export function ChallengePanel({ detail, isMine, call, challenges, onChange }: ChallengePanelProps) {
  const { api } = useConsole();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const id = useId();
  const latest = challenges.at(-1);
  const earlier = challenges.slice(0, -1).reverse();
  const isReachable = detail.state === "live" && (call?.applicant.connected ?? false);
  const why = whyNot(isReachable, latest, detail.consent);

  async function send(request: Promise<Result<Challenge>>) {
    setBusy(true);
    setFailure(null);
    const result = await request;
    setBusy(false);
    if (result.ok) onChange(result.value);
    else setFailure(result.failure);
  }
  const ask = (kind: ChallengeKind) => void send(api.askChallenge(detail.id, kind));
  const isPossible = (kind: ChallengeKind) =>
    isReachable && !(latest && isOpen(latest)) && consentsTo(kind, detail.consent);

  if (!isMine && !latest) return null;
  return (
    <section class={styles.panel} aria-labelledby={id}>
      <h2 id={id}>{challengeText("challenge.title")}</h2>
      {isMine && (
        <>
          <div class={styles.kinds}>
            {KINDS.map((kind) => (
              <Button
                key={kind}
                disabled={busy || !isPossible(kind)}
                title={challengeText(`start.${kind}`)}
                onClick={() => ask(kind)}
              >
                {challengeText(`kind.${kind}`)}
              </Button>
            ))}
          </div>
          <p class={styles.why}>{why ?? challengeText("challenge.about")}</p>
        </>
      )}
      {failure && <Banner tone="danger">{failureText(failure)}</Banner>}
      <div aria-live="polite">
        {latest && (
          <ChallengeCard
            session={detail.id}
            challenge={latest}
            live
            onCancel={isMine ? () => void send(api.cancelChallenge(detail.id, latest.id)) : undefined}
            onHeadTurn={isMine && isPossible("pose") ? () => ask("pose") : undefined}
          />
        )}
      </div>
      {earlier.map((one) => (
        <ChallengeCard key={one.id} session={detail.id} challenge={one} live />
      ))}
    </section>
  );
}

/** Why a challenge cannot be put now; null where all can. */
function whyNot(isReachable: boolean, latest: Challenge | undefined, consent: Consent | null): string | null {
  if (!isReachable) return challengeText("why.away");
  if (latest && isOpen(latest)) return challengeText("why.running");
  if (!consent?.face && !consent?.voice) return challengeText("why.noConsent");
  if (!consent.face) return challengeText("why.noFace");
  return consent.voice ? null : challengeText("why.noVoice");
}

/** Light and head turns are measured on the face, digits on the voice. */
function consentsTo(kind: ChallengeKind, consent: Consent | null): boolean {
  return (kind === "digits" ? consent?.voice : consent?.face) ?? false;
}
