import type { AskChallenge } from "../challenges/useAskChallenge";
import { decibans } from "../format";
import { failureText } from "../i18n";
import { commonText } from "../text";
import type { Assessment } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import styles from "./NextCheck.module.css";
import { checkText } from "./taxonomy";
import { evidenceText, signalName } from "./text";

export interface NextCheckProps {
  assessment: Assessment;
  /** During the call: it can still be asked for. */
  live: boolean;
  /** Where given, a check that is a challenge can be started from here. */
  challenge?: AskChallenge | undefined;
}

const IN_MINUTES_S = 120;

const lasting = (seconds: number): string =>
  seconds < IN_MINUTES_S
    ? evidenceText("next.seconds", { n: seconds })
    : evidenceText("next.minutes", { n: Math.round(seconds / 60) });

/** What to ask for next: the check that is expected to change the assessment most for each second that it takes. */
export function NextCheck({ assessment, live, challenge }: NextCheckProps) {
  const { next_check: next, checks } = assessment;
  if (!checks) return null;
  const starts = next?.starts ?? null;
  return (
    <section class={styles.next}>
      <h3>{evidenceText(live ? "next.title" : "next.titlePast")}</h3>
      {next ? (
        <div class={styles.line}>
          <p>
            {checkText(next.check)}
            <span class={styles.cost}>
              {evidenceText("next.cost", {
                time: lasting(next.seconds),
                gain: decibans(next.gain).toFixed(1),
              })}
            </span>
            <span class={styles.cost}>
              {evidenceText("next.measures", {
                names: next.kinds.map(signalName).join(commonText("common.comma")),
              })}
            </span>
          </p>
          {challenge && starts && (
            <Button
              size="small"
              busy={challenge.busy}
              disabled={!challenge.isPossible(starts)}
              label={evidenceText("next.startWhat", { check: checkText(next.check) })}
              onClick={() => challenge.ask(starts)}
            >
              {evidenceText("next.start")}
            </Button>
          )}
        </div>
      ) : (
        <p class={styles.none}>{evidenceText("next.none")}</p>
      )}
      {challenge?.failure && <Banner tone="danger">{failureText(challenge.failure)}</Banner>}
    </section>
  );
}
