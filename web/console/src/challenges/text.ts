import { reasonText } from "../assessment/text";
import { signedDecibans } from "../format";
import { translator } from "../i18n";
import { challenges as en } from "../messages/en/challenges";
import { challenges as zhHans } from "../messages/zh-Hans/challenges";
import { challenges as zhHant } from "../messages/zh-Hant/challenges";
import type { Challenge, ChallengeResult, ChallengeState } from "../types";
import type { Tone } from "../ui/Tag";

/** Sentences about challenges. */
export const challengeText = translator({ en, "zh-Hans": zhHans, "zh-Hant": zhHant });

export const isOpen = ({ state }: Challenge): boolean => state === "waiting" || state === "running";

/** The colour of a state. A refusal has none: it is no result. */
export const STATE_TONES: Record<ChallengeState, Tone> = {
  waiting: "info",
  running: "info",
  done: "neutral",
  refused: "neutral",
  spared: "neutral",
  unseen: "neutral",
  expired: "neutral",
  cancelled: "neutral",
};

/** What a challenge came to, in plain words. `isLive`: a result may still come. */
export function challengeWords(challenge: Challenge, isLive: boolean): string {
  const { state, result, step, steps } = challenge;
  const isMeasured = result !== null && result.score !== null;
  if (state === "refused" && challenge.started_s !== null)
    return challengeText("words.stopped", { step, steps });
  if (state !== "done" && !(isMeasured && !isOpen(challenge))) return challengeText(`words.${state}`);
  if (result) return resultWords(challenge, result);
  if (challenge.kind === "digits") return challengeText("words.digits");
  return challengeText(isLive ? "words.pending" : "words.noResult");
}

function resultWords(challenge: Challenge, { reason }: ChallengeResult): string {
  if (reason) return challengeText("words.unmeasured", { reason: reasonText(reason) });
  const towards = leaning(challenge);
  if (towards === null) return challengeText("words.measured");
  return challengeText(`words.${challenge.kind}${towards}`);
}

/** The figures behind the words, those that there are. */
export function challengeFigures(result: ChallengeResult): string[] {
  const { llr, p_value, covariates } = result;
  const figures: string[] = [];
  if (llr !== null) figures.push(challengeText("figure.llr", { n: signedDecibans(llr) }));
  if (p_value !== null) figures.push(challengeText("figure.p", { n: p_value.toPrecision(2) }));
  for (const name of ["lag_s", "snr_db"] as const) {
    const value = covariates[name];
    if (value === undefined) continue;
    const digits = name === "lag_s" ? 2 : 1;
    figures.push(challengeText(`figure.${name}`, { n: value.toFixed(digits).replace("-", "\u2212") }));
  }
  return figures;
}

/** Which way the figure beside the words points, which decides nothing; null where it rounds to zero or is missing. */
export function leaning({ result }: Challenge): "Towards" | "Against" | null {
  const llr = result?.llr ?? 0;
  if (signedDecibans(llr) === "0.0") return null;
  return llr > 0 ? "Towards" : "Against";
}
