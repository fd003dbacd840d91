import { expect, it } from "vitest";
import {
  assessment,
  behaviour,
  challenge,
  challengeResult,
  movementReading,
  question,
  questionSet,
  reading,
  tooFew,
} from "../testing/samples";
import {
  furtherQuestions,
  withChallenge,
  withMovements,
  withNewest,
  withReading,
  withStored,
} from "./followSession";

const at = (...times: number[]) => times.map((t) => assessment({ t }));

it("adds what is newer", () => {
  expect(withNewest(at(1, 2), assessment({ t: 3 })).map((one) => one.t)).toEqual([1, 2, 3]);
});

it("lets an analysis that began again replace what it repeats", () => {
  expect(withNewest(at(1, 2, 3), assessment({ t: 2 })).map((one) => one.t)).toEqual([1, 2]);
});

it("puts stored assessments where they belong among what was told", () => {
  const told = [1, 2, 9].map((seq) => assessment({ seq, t: seq }));
  const stored = [4, 6].map((seq) => assessment({ seq, t: seq }));
  expect(withStored(told, stored, 2).map((one) => one.seq)).toEqual([1, 2, 4, 6, 9]);
  expect(withStored(told, [], 2)).toBe(told);
  expect(withStored(told, [stored[0] as never, told[2] as never], -1).map((one) => one.seq)).toEqual([4, 9]);
});

it("keeps the newest reading of each signal that names its cues, and nothing of the others", () => {
  const first = reading({ kind: "face_pad", covariates: { mouth_part: 3 } });
  const second = reading({ kind: "face_pad", start: 8, end: 12, covariates: { mouth_part: 0 } });
  const known = withReading(withReading(new Map(), first), second);
  expect([...known]).toEqual([["face_pad", second]]);
  expect(withReading(known, reading())).toBe(known);
});

it("keeps every movement once, in order of time, and nothing of other readings", () => {
  const late = withMovements([], [movementReading({ seq: 9, start: 50 })]);
  const both = withMovements(late, [
    reading(),
    movementReading({ seq: 5 }),
    movementReading({ seq: 9, start: 50 }),
  ]);
  expect(both.map((one) => one.seq)).toEqual([5, 9]);
  expect(withMovements(both, [reading(), movementReading({ covariates: { movement: 0 } })])).toBe(both);
});

it("adds a new challenge at the end, and goes on with one that it knows", () => {
  const two = withChallenge([challenge()], challenge({ id: "c2" }));
  const running = challenge({ state: "running", step: 3 });
  expect(withChallenge(two, running)).toEqual([running, challenge({ id: "c2" })]);
});

it("never goes back: an answer may come after what the stream said since", () => {
  const way = [
    challenge({ state: "waiting" }),
    challenge({ state: "running", step: 0 }),
    challenge({ state: "running", step: 9 }),
    challenge({ state: "done", step: 32 }),
    challenge({ state: "done", step: 32, result: challengeResult() }),
  ];
  for (const [index, later] of way.entries())
    for (const earlier of way.slice(0, index)) {
      expect(withChallenge([later], earlier)).toEqual([later]);
      expect(withChallenge([earlier], later)).toEqual([later]);
    }
});

it("keeps whichever questions know more: of marks first, then of what answers gave", () => {
  const mark = { question: "q2", event: "asked" as const, t: 31.2, at: "2026-11-24T08:03:00Z" };
  const read = (seq: number) => question({ number: 2, state: "answered", behaviour: behaviour({ seq }) });
  const way = [
    questionSet(),
    questionSet([], { marks: [mark] }),
    questionSet([], { marks: [mark], absent: { ...tooFew(), seq: 3 } }),
    questionSet([read(8)], { marks: [mark] }),
    questionSet([read(9)], { marks: [mark] }),
    questionSet([read(2)], { marks: [mark, { ...mark, event: "answered" }] }),
  ];
  for (const [index, later] of way.entries())
    for (const earlier of way.slice(0, index)) {
      expect(furtherQuestions(later, earlier)).toBe(later);
      expect(furtherQuestions(earlier, later)).toBe(later);
    }
  expect(furtherQuestions(null, questionSet())).toEqual(questionSet());
});
