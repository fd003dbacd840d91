import { describe, expect, it } from "vitest";
import { assessment, reading } from "../testing/samples";
import { assessmentAt, heightIn, lanesOf, neighbour, readingAt, tickStep } from "./lanes";

const [lane] = lanesOf([
  reading({ start: 8, end: 9, score: 3 }),
  reading({ start: 2, end: 4, score: 1 }),
  reading({ start: 3, end: 6, score: null, type: "abstention", reason: "blurred" }),
]);
if (!lane) throw new Error("three readings make a lane");

describe("lanes", () => {
  it("group by signal, in order of time", () => {
    const lanes = lanesOf([reading({ kind: "b" }), reading({ kind: "a" }), reading({ kind: "b" })]);
    expect(lanes.map((one) => [one.kind, one.readings.length])).toEqual([
      ["b", 2],
      ["a", 1],
    ]);
    expect(lane.readings.map((one) => one.start)).toEqual([2, 3, 8]);
  });

  it("scale raw scores to their own range", () => {
    expect([heightIn(lane, 1), heightIn(lane, 2), heightIn(lane, 3)]).toEqual([0, 0.5, 1]);
    const [flat] = lanesOf([reading({ score: 7 })]);
    expect(flat && heightIn(flat, 7)).toBe(0.5);
  });

  it("prefer a measurement over an abstention at the same moment", () => {
    expect([readingAt(lane, 3.5)?.score, readingAt(lane, 5)?.reason, readingAt(lane, 7)]).toEqual([
      1,
      "blurred",
      null,
    ]);
  });

  it("know the next and the previous reading, and their ends", () => {
    expect([neighbour(lane, 2, 1), neighbour(lane, 7, 1), neighbour(lane, 7, -1)]).toEqual([3, 8, 3]);
    expect([neighbour(lane, 8, 1), neighbour(lane, 2, -1)]).toEqual([null, null]);
  });
});

it("finds the newest assessment by a moment", () => {
  const all = [1, 2, 3].map((t) => assessment({ t }));
  expect([0.5, 1, 2.9, 99].map((t) => assessmentAt(all, t)?.t ?? null)).toEqual([null, 1, 2, 3]);
  expect(assessmentAt([], 1)).toBe(null);
});

it.each([
  [20, 10, 2],
  [600, 8, 120],
  [90_000, 4, 7200],
])("divides %i s into at most %i ticks: every %i s", (duration, most, step) =>
  expect(tickStep(duration, most)).toBe(step),
);
