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
    expect(challengeWords(challenge({ state: "done", kind: "digits" }), true)).toContain("being worked out");
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

describe("the figures of digits", () => {
  const figures = (covariates: Record<string, number>) =>
    challengeFigures(challengeResult({ llr: null, p_value: null, covariates: { digits: 8, ...covariates } }));

  it("says how many were heard as shown, and how soon", () => {
    const read = { answered: 8, hits: 7, content_known: 1, latency_s: 0.48, latency_cv: 0.2, same_voice: 1 };
    expect(figures(read)).toEqual([
      "heard 7 of 8 digits as shown",
      "0.48 s after each on average",
      "the voice heard before",
    ]);
  });

  it("says what a machine does without accusing", () => {
    const even = { answered: 8, hits: 8, content_known: 1, latency_s: 0.5, latency_cv: 0.03, same_voice: 0 };
    expect(figures(even).slice(2)).toEqual(["as regular as a machine", "unlike the voice heard before"]);
    expect(figures({ ...even, too_fast: 1 })).toContain("before it could be read");
  });

  it("says on how many digits the mouth moved", () => {
    const read = { answered: 8, hits: 8, content_known: 1, mouth_seen: 7, mouth_moved: 7, mouth_still: 0 };
    expect(figures(read)).toContain("the mouth moved on 7 of the 7 digits on which it was in sight");
    expect(figures({ ...read, mouth_moved: 1, mouth_still: 1 })).toContain(
      "the mouth was still: it moved on 1 of the 7 digits on which it was in sight",
    );
  });

  it("does not count words that it did not understand", () => {
    const unknown = { answered: 6, hits: 1, content_known: 0, latency_s: 0.6 };
    expect(figures(unknown)[0]).toBe("speech after 6 of 8 digits; the words were not understood");
  });
});
