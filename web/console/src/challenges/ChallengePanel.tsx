import { useId } from "preact/hooks";
import { failureText } from "../i18n";
import type { Challenge, Consent } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { ChallengeCard } from "./ChallengeCard";
import styles from "./ChallengePanel.module.css";
import { challengeText, isOpen } from "./text";
import { type AskChallengeProps, useAskChallenge } from "./useAskChallenge";

export interface ChallengePanelProps extends AskChallengeProps {
  /** Only the interview's own officer puts challenges. */
  isMine: boolean;
}

const KINDS = ["flash", "pose", "digits"] as const;

/** Put a challenge to the applicant, see it go on, read what came of it. */
export function ChallengePanel({ detail, isMine, call, challenges, onChange }: ChallengePanelProps) {
  const { busy, failure, isReachable, isPossible, ask, cancel } = useAskChallenge({
    detail,
    call,
    challenges,
    onChange,
  });
  const id = useId();
  const latest = challenges.at(-1);
  const earlier = challenges.slice(0, -1).reverse();
  const why = whyNot(isReachable, latest, detail.consent);

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
            onCancel={isMine ? () => cancel(latest.id) : undefined}
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
