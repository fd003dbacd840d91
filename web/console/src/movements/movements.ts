import { inPageLanguage } from "../questions/text";
import type { Questions, Reading } from "../types";

/** The signal whose readings are of movements. */
export const MOVEMENT_KIND = "micro_expression";

const REGION = "region_";
const UNIT = "unit_";
const CLASSES = ["negative", "positive", "surprise"] as const;
export type MovementClass = (typeof CLASSES)[number];

/** One movement of the face: `onset`, `apex` and `offset` in seconds of media, `amplitude` in distances of the eyes. */
export interface Movement {
  seq: number;
  onset: number;
  apex: number;
  offset: number;
  amplitude: number;
  /** In deviations of this person's own rest. */
  strength: number;
  isBrief: boolean;
  isUpper: boolean;
  regions: string[];
  /** How much it is like movements of the training material that are labelled so, 0..1; empty where it was not compared. */
  resembles: [MovementClass, number][];
  /** Halves of action units, as `AU4_left`, the one that went furthest first; empty where it was not compared. */
  units: string[];
}

/** The answer to a question, from where it was asked to the end to where the answer ended, in seconds of media. */
export interface Answer {
  id: string;
  number: number;
  role: "baseline" | "probe";
  text: string;
  start: number;
  end: number;
}

/** What was answered and when; undefined until that is known. */
export type Answers = readonly Answer[] | undefined;

/** The movement that a reading is of; null for a span that was watched and had none, and for other signals. */
export function movementOf({ seq, kind, score, start, end, covariates }: Reading): Movement | null {
  if (kind !== MOVEMENT_KIND || score === null || covariates.movement !== 1) return null;
  return {
    seq,
    onset: start,
    apex: covariates.apex_s ?? (start + end) / 2,
    offset: end,
    amplitude: covariates.amplitude ?? 0,
    strength: score,
    isBrief: covariates.brief === 1,
    isUpper: covariates.upper === 1,
    regions: Object.entries(covariates).flatMap(([name, value]) =>
      name.startsWith(REGION) && value ? [name.slice(REGION.length)] : [],
    ),
    resembles: CLASSES.flatMap((name): [MovementClass, number][] => {
      const p = covariates[name];
      return p === undefined ? [] : [[name, p]];
    }),
    units: Object.entries(covariates)
      .filter(([name]) => name.startsWith(UNIT))
      .sort(([, a], [, b]) => b - a)
      .map(([name]) => name.slice(UNIT.length)),
  };
}

/** Every movement among readings, in order of time. */
export function movementsOf(readings: readonly Reading[]): Movement[] {
  const found = readings.map(movementOf).filter((one): one is Movement => one !== null);
  return found.sort((a, b) => a.onset - b.onset);
}

/**
 * The answers that were marked, in order of time, as they are measured; none lasts longer than to `duration`.
 *
 * Undefined where the questions are not known.
 */
export function answersOf(questions: Questions | null, duration: number): Answer[];
export function answersOf(questions: Questions | null | undefined, duration: number): Answers;
export function answersOf(questions: Questions | null | undefined, duration: number): Answers {
  if (questions === undefined) return undefined;
  const asked = (questions?.questions ?? []).flatMap((one) =>
    one.asked_s === null ? [] : [{ ...one, start: one.asked_s, until: one.until_s ?? one.asked_s }],
  );
  asked.sort((a, b) => a.start - b.start);
  return asked.map(({ id, number, role, text, start, until }) => ({
    id,
    number,
    role,
    text: inPageLanguage(text),
    start,
    end: Math.max(start, Math.min(until, duration)),
  }));
}

/** The answer in which a movement began; null between answers, undefined where they are not known. */
export function answerAt(answers: Answers, t: number): Answer | null | undefined {
  if (!answers) return undefined;
  return answers.findLast((one) => one.start <= t && t <= one.end) ?? null;
}
