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
  return [...figures, ...digitFigures(covariates)];
}

/** At less variation of the delay, relative to its mean, a machine is more probable than a person. */
const REGULAR = 0.08;

/** What was heard of the digits. */
function digitFigures(covariates: Record<string, number>): string[] {
  const { digits, answered, hits, content_known, latency_s, latency_cv, too_fast } = covariates;
  if (digits === undefined || answered === undefined) return [];
  const figures = content_known
    ? [challengeText("figure.heard", { n: hits ?? 0, m: digits })]
    : [challengeText("figure.answered", { n: answered, m: digits })];
  if (too_fast) figures.push(challengeText("figure.early"));
  else if (latency_s !== undefined)
    figures.push(challengeText("figure.latency_s", { n: latency_s.toFixed(2) }));
  if (latency_cv !== undefined && latency_cv < REGULAR) figures.push(challengeText("figure.regular"));
  return [...figures, ...speakerFigures(covariates)];
}

/** Whether it was the visible mouth, and the voice heard before, that said them. */
function speakerFigures({
  mouth_seen,
  mouth_moved,
  mouth_still,
  same_voice,
}: Record<string, number>): string[] {
  const figures: string[] = [];
  if (mouth_seen !== undefined && mouth_moved !== undefined) {
    const figure = mouth_still ? "figure.mouthStill" : "figure.mouthMoved";
    figures.push(challengeText(figure, { n: mouth_moved, m: mouth_seen }));
  }
  if (same_voice !== undefined)
    figures.push(challengeText(same_voice ? "figure.sameVoice" : "figure.otherVoice"));
  return figures;
}

/** Which way the figure beside the words points, which decides nothing; null where it rounds to zero or is missing. */
export function leaning({ result }: Challenge): "Towards" | "Against" | null {
  const llr = result?.llr ?? 0;
  if (signedDecibans(llr) === "0.0") return null;
  return llr > 0 ? "Towards" : "Against";
}
