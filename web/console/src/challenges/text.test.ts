import { beforeEach, describe, expect, it } from "vitest";
import { language } from "../i18n";
import { challenge, challengeResult } from "../testing/samples";
import { challengeFigures, challengeWords, leaning, STATE_TONES } from "./text";

beforeEach(() => {
  language.value = "en";
});

const done = (part: Parameters<typeof challengeResult>[0], kind: "flash" | "pose" | "digits" = "flash") =>
  challenge({ state: "done", kind, result: challengeResult(part) });

describe("what a challenge came to", () => {
  it.each([
    [-4.6, "flash", "The face follows the light as it is shown on the applicant's screen."],
    [
      2,
      "flash",
      "The face was not seen to follow the light. That alone proves nothing: a bright room or a distant screen can do it too.",
    ],
    [
      2,
      "pose",
      "The head was not seen to follow the arrows. That alone proves nothing: ask again, and watch.",
    ],
    [0.001, "flash", "It was measured. What it adds stands in the assessment."],
    [null, "pose", "It was measured. What it adds stands in the assessment."],
  ] as const)("with %s nats for %s", (llr, kind, words) => {
    expect(challengeWords(done({ llr }, kind), true)).toBe(words);
  });

  it("says why it could not be measured, with what else the interview abstains from", () => {
    const dark = done({ score: null, llr: null, p_value: null, reason: "ambient_light" });
    expect(challengeWords(dark, true)).toBe(
      "Could not be measured: Other light drowns the screen's. It adds nothing.",
    );
    expect(leaning(dark)).toBe(null);
  });

  it("knows that a result may still come, until the interview is over", () => {
    expect(challengeWords(challenge({ state: "done" }), true)).toContain("being worked out");
    expect(challengeWords(challenge({ state: "done" }), false)).toContain("nothing was measured");
    expect(challengeWords(challenge({ state: "done", kind: "digits" }), true)).toContain("for you to hear");
  });

  it("keeps a measurement of a challenge that was cut short", () => {
    const cut = challenge({ state: "unseen", result: challengeResult() });
    expect(challengeWords(cut, true)).toContain("follows the light");
    expect(challengeWords(challenge({ state: "unseen" }), true)).toContain("did not show it to its end");
  });
});

it("treats a refusal as a refusal: no colour, no leaning, and it says so", () => {
  const reason = "challenge_refused" as const;
  const refused = challenge({
    state: "refused",
    result: challengeResult({ score: null, llr: null, p_value: null, reason }),
  });
  expect(challengeWords(refused, true)).toContain("A refusal is not fraud and adds nothing");
  const stopped = challenge({ state: "refused", detail: "stopped", started_s: 60, step: 9 });
  expect(challengeWords(stopped, true)).toContain("stopped it after 9 of 32. A refusal is not fraud");
  expect([STATE_TONES.refused, leaning(refused)]).toEqual(["neutral", null]);
});

it("gives the figures that there are", () => {
  expect(challengeFigures(challengeResult())).toEqual([
    "own evidence −20.0 dB",
    "p 0.00042",
    "delay 0.31 s",
    "signal to noise −2.0 dB",
  ]);
  expect(challengeFigures(challengeResult({ llr: null, p_value: null, covariates: {} }))).toEqual([]);
});
