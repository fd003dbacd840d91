import { describe, expect, it } from "vitest";
import { language } from "../i18n";
import { movementReading, question, questionsOnly, reading, turnover } from "../testing/samples";
import { answerAt, answersOf, movementOf, movementsOf } from "./movements";

describe("movements", () => {
  it("are read from their readings", () => {
    expect(
      movementOf(
        movementReading({
          covariates: { negative: 0.7, surprise: 0.1, unit_AU1_left: 0.6, unit_AU2_right: 1.2 },
        }),
      ),
    ).toEqual({
      seq: 5,
      onset: 20,
      apex: 20.2,
      offset: 20.36,
      amplitude: 0.021,
      strength: 6.5,
      isBrief: true,
      isUpper: true,
      regions: ["inner_brow_right", "outer_brow_right"],
      resembles: [
        ["negative", 0.7],
        ["surprise", 0.1],
      ],
      units: ["AU2_right", "AU1_left"],
    });
  });

  it("are neither spans without one, nor abstentions, nor other signals", () => {
    expect(movementOf(movementReading({ covariates: { movement: 0 } }))).toBeNull();
    expect(movementOf(movementReading({ score: null }))).toBeNull();
    expect(movementOf(reading({ covariates: { movement: 1 } }))).toBeNull();
  });

  it("come in order of time", () => {
    const found = movementsOf([
      movementReading({ start: 30, seq: 2 }),
      reading(),
      movementReading({ seq: 9 }),
    ]);
    expect(found.map((one) => one.seq)).toEqual([9, 2]);
  });
});

describe("answers", () => {
  const asked = questionsOnly(
    question({ id: "b", number: 2, asked_s: 40, ended_s: 50, until_s: 50 }),
    question({ id: "a", number: 1, asked_s: 10, ended_s: 40, until_s: 40 }),
    question({ id: "c", number: 3, asked_s: null, ended_s: null, until_s: null, state: "open" }),
    question({ id: "d", number: 4, asked_s: 50, ended_s: 55, until_s: 55 }),
  );

  it("last as long as they are measured, and no longer than the recording", () => {
    const spans = answersOf(asked, 90).map(({ id, start, end }) => [id, start, end]);
    expect(spans).toEqual([
      ["a", 10, 40],
      ["b", 40, 50],
      ["d", 50, 55],
    ]);
    const going = questionsOnly({ ...turnover, ended_s: null, until_s: 135 });
    expect([90, 600].map((duration) => answersOf(going, duration)[0]?.end)).toEqual([90, 135]);
    expect([answersOf(null, 90), answersOf(undefined, 90)]).toEqual([[], undefined]);
  });

  it("are found by their moment", () => {
    const answers = answersOf(asked, 90);
    expect([5, 12, 45, 56].map((t) => answerAt(answers, t)?.id ?? null)).toEqual([null, "a", "b", null]);
    expect(answerAt(undefined, 12)).toBeUndefined();
  });

  it("are in the page's language", () => {
    language.value = "zh-Hans";
    expect(answersOf(questionsOnly(turnover), 90)[0]?.text).toBe("去年营业额是多少？");
  });
});
