import { signed } from "../format";
import { translator } from "../i18n";
import { behaviour as en } from "../messages/en/behaviour";
import { behaviour as zhHans } from "../messages/zh-Hans/behaviour";
import { behaviour as zhHant } from "../messages/zh-Hant/behaviour";
import type { Reading } from "../types";

/** Sentences about answers and how they differ from the own neutral ones. */
export const behaviourText = translator({ en, "zh-Hans": zhHans, "zh-Hant": zhHant });

/** A feature of an answer, and by how many deviations it lies above (or below) the own neutral answers. */
export interface Deviation {
  key: keyof typeof en;
  name: string;
  z: number;
}

const BEHAVIOUR = "behaviour";

/** Smaller ones are within what everybody's answers vary by. */
export const LEAST_DEVIATION = 1;

const isFeature = (key: string): key is keyof typeof en => key.startsWith("z_") && Object.hasOwn(en, key);

/** Whether the reading is of one question's answer. */
export const isOfQuestion = (reading: Reading): boolean =>
  reading.kind === BEHAVIOUR && reading.score !== null && reading.covariates.question_number !== undefined;

/** What a feature is called, by its name without `z_`; one newer than this console goes by that name. */
export function featureName(feature: string): string {
  const key = `z_${feature}`;
  return isFeature(key) ? behaviourText(key) : feature.replaceAll("_", " ");
}

/** What differs from the own neutral answers, furthest first. A feature newer than this console is left out. */
export function deviationsOf(reading: Reading): Deviation[] {
  return Object.entries(reading.covariates)
    .flatMap(([key, z]) => (isFeature(key) ? [{ key, name: behaviourText(key), z }] : []))
    .filter(({ z }) => Math.abs(z) >= LEAST_DEVIATION)
    .sort((a, b) => Math.abs(b.z) - Math.abs(a.z));
}

/** What is said of one question: how far its answer lies, how often chance does that, and what so few neutral answers can show. */
export function questionInWords(reading: Reading): string[] {
  const { question_number, p, p_least, q, session_p, answers, baseline_answers } = reading.covariates;
  return [
    behaviourText("behaviour.question", {
      number: String(question_number),
      score: (reading.score ?? 0).toFixed(1),
      p: rate(p),
      q: rate(q),
      answers: String(answers ?? 1),
    }),
    behaviourText("behaviour.least", { n: String(baseline_answers ?? 0), least: rate(p_least) }),
    behaviourText("behaviour.session", { p: rate(session_p) }),
  ];
}

/** A deviation as it is listed. */
export const listed = ({ name, z }: Deviation): string => `${name} ${signed(z)}`;

/**
 * Of each question only the reading that stands, where its answer was given: an answer is read again when later ones are
 * compared with it, and its span then reaches to those. One that could not be read any more, from the same start, takes it back.
 */
export function lastOfEachQuestion(readings: readonly Reading[]): Reading[] {
  const standing = new Set(readings);
  const answers = readings.filter(({ kind }) => kind === BEHAVIOUR);
  answers.forEach((reading, at) => {
    for (const earlier of answers.slice(0, at))
      if (takesThePlaceOf(reading, earlier)) standing.delete(earlier);
  });
  return [...standing].map((reading) => (isOfQuestion(reading) ? atItsAnswer(reading) : reading));
}

function takesThePlaceOf(reading: Reading, earlier: Reading): boolean {
  if (!isOfQuestion(earlier)) return false;
  if (isOfQuestion(reading)) return numberOf(reading) === numberOf(earlier);
  return reading.score === null && reading.start === earlier.start;
}

const numberOf = (reading: Reading): number => reading.covariates.question_number ?? 0;

function atItsAnswer(reading: Reading): Reading {
  const answer = reading.evidence[0];
  return answer ? { ...reading, start: answer.start, end: answer.end } : reading;
}

const rate = (p: number | undefined): string => (p ?? 1).toFixed(p !== undefined && p < 0.1 ? 3 : 2);
