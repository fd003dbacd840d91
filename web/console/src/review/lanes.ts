import { lastOfEachQuestion } from "../assessment/deviations";
import type { Assessment, Reading } from "../types";

/** One signal's readings in order of time, with the range of its raw scores for drawing. */
export interface Lane {
  kind: string;
  readings: Reading[];
  low: number;
  high: number;
}

/** Group readings by signal. Lanes keep the order in which the signals first appear; a question has one reading, the last. */
export function lanesOf(readings: readonly Reading[]): Lane[] {
  const byKind = new Map<string, Reading[]>();
  for (const reading of lastOfEachQuestion(readings)) {
    const lane = byKind.get(reading.kind);
    if (lane) lane.push(reading);
    else byKind.set(reading.kind, [reading]);
  }
  return [...byKind].map(([kind, own]) => laneOf(kind, own));
}

function laneOf(kind: string, readings: Reading[]): Lane {
  const scores = readings.flatMap((reading) => (reading.score === null ? [] : [reading.score]));
  const sorted = [...readings].sort((a, b) => a.start - b.start);
  return { kind, readings: sorted, low: Math.min(...scores), high: Math.max(...scores) };
}

/** Height of a raw score within its lane, 0..1; a lane with one value draws it in the middle. */
export function heightIn(lane: Lane, score: number): number {
  return lane.high > lane.low ? (score - lane.low) / (lane.high - lane.low) : 0.5;
}

/** How far from a reading the playhead still shows it: most readings are of a single picture. */
const REACH_S = 0.5;

/** The reading nearest to `t` within reach, a measurement before an abstention; null between readings. */
export function readingAt(lane: Lane, t: number): Reading | null {
  const away = (one: Reading) => Math.max(one.start - t, t - one.end, 0);
  const near = lane.readings.filter((one) => away(one) <= REACH_S).sort((a, b) => away(a) - away(b));
  return near.find((one) => one.type === "observation") ?? near[0] ?? null;
}

/** Where the next or the previous reading of a lane starts; null at the ends. */
export function neighbour(lane: Lane, t: number, direction: 1 | -1): number | null {
  const beyond = lane.readings.map((one) => one.start).filter((start) => (start - t) * direction > 0.05);
  if (beyond.length === 0) return null;
  return direction === 1 ? Math.min(...beyond) : Math.max(...beyond);
}

/** The newest assessment that was made by `t`; before the first one, none. Expects order of time. */
export function assessmentAt(assessments: readonly Assessment[], t: number): Assessment | null {
  let [low, high] = [0, assessments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((assessments[middle]?.t ?? Infinity) <= t) low = middle + 1;
    else high = middle;
  }
  return assessments[low - 1] ?? null;
}

/** Round steps for a time axis, so that no more than `most` ticks stand on it. */
export function tickStep(duration: number, most: number): number {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
  return steps.find((step) => duration / step <= most) ?? 7200;
}
