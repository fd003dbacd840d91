import { fill, translator } from "../i18n";
import { evidence as en } from "../messages/en/evidence";
import { evidence as zhHans } from "../messages/zh-Hans/evidence";
import { evidence as zhHant } from "../messages/zh-Hant/evidence";
import type { Band, SessionState } from "../types";
import type { Tone } from "../ui/Tag";

/** Sentences about evidence. */
export const evidenceText = translator({ en, "zh-Hans": zhHans, "zh-Hant": zhHant });

const isKnown = (key: string): key is keyof typeof en => key in en;

/** The name of a signal. A detector newer than this console goes by its kind. */
export function signalName(kind: string): string {
  const key = `signal.${kind}`;
  return isKnown(key) ? evidenceText(key) : kind.replaceAll("_", " ");
}

export function reasonText(reason: string): string {
  const key = `reason.${reason}`;
  return isKnown(key) ? evidenceText(key) : fill(evidenceText("reason.unknown"), { code: reason });
}

/** What the officer can ask for so that the signal becomes measurable; null where nothing helps. `thinned`: our analysis leaves out frames. */
export function adviceFor(reason: string, thinned = false): string | null {
  if (thinned && reason === "low_frame_rate") return evidenceText("advice.analysis_reduced");
  const key = `advice.${reason}`;
  return isKnown(key) ? evidenceText(key) : null;
}

export function familyName(family: string): string {
  const key = `family.${family}`;
  return isKnown(key) ? evidenceText(key) : family.replaceAll("_", " ");
}

export function gradeName(grade: string): string {
  const key = `grade.${grade}`;
  return isKnown(key) ? evidenceText(key) : grade;
}

export const BAND_TONES: Record<Band, Tone> = {
  insufficient: "caution",
  proceed: "good",
  step_up: "caution",
  refer: "fraud",
};

export const STATE_TONES: Record<SessionState, Tone> = {
  created: "neutral",
  consented: "info",
  waiting: "info",
  live: "good",
  interrupted: "danger",
  sealed: "caution",
  decided: "neutral",
};
