import { clock, signed } from "../format";
import { translator } from "../i18n";
import { cues as en } from "../messages/en/cues";
import { cues as zhHans } from "../messages/zh-Hans/cues";
import { cues as zhHant } from "../messages/zh-Hant/cues";
import type { Reading } from "../types";
import { evidenceText } from "./text";

/** Something that a detector saw, and its part in the reading's score: natural-log points, above 0 towards fraud. */
export interface Cue {
  /** The covariate that carries the points. */
  key: keyof typeof en;
  name: string;
  points: number;
}

/** Points that weigh less are not listed: with one decimal they would read as nothing. The score has them all. */
export const LEAST_SHOWN = 0.1;

const cueText = translator({ en, "zh-Hans": zhHans, "zh-Hant": zhHant });

const isCue = (key: string): key is keyof typeof en => Object.hasOwn(en, key);

/** A cue's sentence; with the milliseconds by which the sound is off, or the time of a change, where the reading knows. */
function nameOf(key: keyof typeof en, { covariates }: Reading): string {
  const offset = covariates.offset_ms;
  const changed = covariates.changed_s;
  if (key === "changed_part" && changed !== undefined) {
    return evidenceText("cues.voiceSince", { t: clock(changed) });
  }
  if (key !== "offset_part" || offset === undefined) return cueText(key);
  const ms = String(Math.round(Math.abs(offset)));
  return evidenceText(offset < 0 ? "cues.ahead" : "cues.behind", { ms });
}

/** Whether the reading is of a detector that names its cues, listed or not. */
export const namesCues = (reading: Reading): boolean => Object.keys(reading.covariates).some(isCue);

/**
 * What moved the reading's score, strongest first. A cue newer than this console is left out;
 * tests/web/test_cues.py proves that this service has none.
 */
export function cuesOf(reading: Reading): Cue[] {
  return Object.entries(reading.covariates)
    .flatMap(([key, points]) => (isCue(key) ? [{ key, name: nameOf(key, reading), points }] : []))
    .filter(({ points }) => Math.abs(points) >= LEAST_SHOWN)
    .sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
}

/** Cues as one sentence, for a tooltip or a screen reader; empty where there are none. */
export function cuesInWords(cues: readonly Cue[]): string {
  if (cues.length === 0) return "";
  const list = cues.map(({ name, points }) => `${name} ${signed(points)}`).join(" · ");
  return evidenceText("cues.strongest", { list });
}
