import { afterEach, expect, it } from "vitest";
import { type Language, language } from "../i18n";
import { behaviour, question, tooFew } from "../testing/samples";
import { behaviourWords, deviationWords, inRuns, spanOf, stateText, whyNot, wording } from "./text";

afterEach(() => {
  language.value = "en";
});

const inAll = (say: () => string) =>
  (["en", "zh-Hans", "zh-Hant"] as const).map((one) => {
    language.value = one;
    return say();
  });

it("says that an answer differs with both figures, and what differs most", () => {
  expect(inAll(() => behaviourWords(behaviour()))).toEqual([
    "Differs from own neutral answers (p = 0.020, q = 0.060)",
    "与自身中性回答不同（p = 0.020，q = 0.060）",
    "與自身中性回答不同（p = 0.020，q = 0.060）",
  ]);
  expect(inAll(() => deviationWords(behaviour()))).toEqual([
    "most: Time to the first word +2.1 · Ups and downs of the voice \u22121.6",
    "主要差异：开口前的时间 +2.1 · 音调起伏 \u22121.6",
    "主要差異：開口前的時間 +2.1 · 音調起伏 \u22121.6",
  ]);
});

it("names nothing that everybody's answers vary by", () => {
  expect(deviationWords(behaviour({ deviations: [{ feature: "latency_s", z: -0.9 }] }))).toBe("");
});

it("says that an answer does not differ", () => {
  expect(inAll(() => behaviourWords(behaviour({ differs: false, p: 0.4, q: 0.61 })))).toEqual([
    "No clear difference from own neutral answers (p = 0.40, q = 0.61)",
    "与自身中性回答无明显差异（p = 0.40，q = 0.61）",
    "與自身中性回答無明顯差異（p = 0.40，q = 0.61）",
  ]);
});

it("says why an answer was not compared, in the reader's language", () => {
  expect(inAll(() => behaviourWords(tooFew()))).toEqual([
    "Not compared: 3 neutral answers of 41 s so far; 5 of 90 s are needed to compare",
    "未作比较：目前 3 个中性回答共 41 秒，比较需要 5 个共 90 秒",
    "未作比較：目前 3 個中性回答共 41 秒，比較需要 5 個共 90 秒",
  ]);
  expect(whyNot(tooFew("no question was marked"))).toBe("可供對照的中性回答不足");
  expect(whyNot({ ...tooFew(), reason: "channel_off" })).not.toContain("41");
});

it("never speaks of lies, feelings or suspicion", () => {
  const said = inAll(() =>
    [behaviour(), behaviour({ differs: false }), tooFew()]
      .flatMap((one) => [behaviourWords(one), deviationWords(one)])
      .join(),
  ).join();
  expect(said).not.toMatch(
    /lie|lying|decei|suspici|nervous|anxi|emotion|谎|謊|欺骗|欺騙|可疑|紧张|緊張|情绪|情緒/i,
  );
});

it("writes numbers that follow each other together", () => {
  expect([inRuns([]), inRuns([3]), inRuns([2, 4, 5, 6, 9, 10])]).toEqual(["", "3", "2, 4–6, 9–10"]);
});

it("shows where an answer lies, and that one goes on", () => {
  expect(spanOf(question())).toBe(null);
  expect(spanOf(question({ asked_s: 31.2, state: "answering" }))).toBe("0:31–");
  expect(spanOf(question({ asked_s: 31.2, ended_s: 44, state: "answered" }))).toBe("0:31–0:44");
  expect(stateText(question({ asked_s: 31.2, state: "answering" }))).toBe("Being answered since 0:31");
});

it.each<[Language, Language, string | null]>([
  ["en", "en", null],
  ["zh-Hant", "zh-Hans", null],
  ["en", "zh-Hans", "Question 1?"],
  ["zh-Hant", "en", "第1問"],
])(
  "adds the reader's wording (%s) only where the interview is in another language (%s)",
  (reader, spoken, read) => {
    language.value = reader;
    const { text } = question();
    expect(wording(text, spoken)).toEqual({ asked: text[spoken], read });
  },
);
