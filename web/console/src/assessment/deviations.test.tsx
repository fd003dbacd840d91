import { beforeEach, expect, it } from "vitest";
import { language } from "../i18n";
import { behaviour as en } from "../messages/en/behaviour";
import { mount } from "../testing/mount";
import { reading } from "../testing/samples";
import { DeviationList } from "./DeviationList";
import names from "./deviationNames.json";
import {
  deviationsOf,
  featureName,
  isOfQuestion,
  lastOfEachQuestion,
  listed,
  questionInWords,
} from "./deviations";

beforeEach(() => {
  language.value = "en";
});

const covariates = {
  question_number: 7,
  p: 0.1,
  p_least: 0.1,
  q: 0.3,
  session_p: 0.024,
  answers: 3,
  baseline_answers: 9,
  latency_s: 3.1,
  z_latency_s: 4.2,
  z_pause_ratio: 0.4,
  z_syllables_per_s: -1.6,
  z_moon_phase: 9,
};
const answer = { media: "video" as const, start: 120, end: 138, box: null };
const seventh = reading({
  kind: "behaviour",
  start: 120,
  end: 300,
  score: 1.92,
  covariates,
  evidence: [answer],
});

it("lists what differs, furthest first, and neither small deviations nor features without words", () => {
  expect(deviationsOf(seventh).map(listed)).toEqual(["Time to the first word +4.2", "Pace of speech −1.6"]);
});

it("says what so few neutral answers can show at best", () => {
  expect(questionInWords(seventh)).toEqual([
    "Question 7: 1.9 deviations on average, p 0.10, q 0.30 over 3 questions",
    "9 neutral answers: no question can have a p below 0.10",
    "All questions together: p 0.024",
  ]);
});

it("keeps the last reading of each question, where its answer was given", () => {
  const first = { ...seventh, seq: 1, end: 140, covariates: { ...covariates, p: 0.5 } };
  const third = { ...seventh, seq: 2, covariates: { ...covariates, question_number: 3 } };
  const none = reading({ kind: "behaviour", seq: 3, score: null, reason: "short_baseline" });
  const kept = lastOfEachQuestion([first, third, none, { ...seventh, seq: 4 }]);
  expect(kept.map(({ seq }) => seq)).toEqual([2, 3, 4]);
  expect(kept[2]).toMatchObject({ start: 120, end: 138 });
});

it("drops the reading of an answer that was taken back, until it is read anew", () => {
  const back = reading({ kind: "behaviour", seq: 9, start: 120, end: 300, score: null, reason: "withdrawn" });
  const elsewhere = { ...back, seq: 8, start: 40 };
  expect(lastOfEachQuestion([seventh, elsewhere, back]).map(({ seq }) => seq)).toEqual([8, 9]);
  expect(lastOfEachQuestion([seventh, back, { ...seventh, seq: 10 }]).map(({ seq }) => seq)).toEqual([9, 10]);
});

it("tells a question's reading from others", () => {
  expect(isOfQuestion(seventh)).toBe(true);
  expect(isOfQuestion(reading({ kind: "face_pad", covariates }))).toBe(false);
  expect(isOfQuestion(reading({ kind: "behaviour", score: null }))).toBe(false);
});

it("shows an answer with a reason to ask again, and says so where nothing differs", async () => {
  const page = await mount(<DeviationList reading={seventh} />);
  expect(page.find("ul").getAttribute("aria-label")).toBe(en["behaviour.title"]);
  expect(page.text).toContain(en["behaviour.hint"]);
  const plain = await mount(
    <DeviationList
      reading={{ ...seventh, covariates: { ...covariates, z_latency_s: 0, z_syllables_per_s: 0 } }}
    />,
  );
  expect(plain.text).toContain(en["behaviour.none"]);
});

it("has words for every feature that the service measures", () => {
  expect(names).toEqual(Object.keys(en).filter((key) => key.startsWith("z_")));
});

it("never speaks of truth, lies, nerves or suspicion as something that was found", () => {
  const words = Object.values(en).join(" ").toLowerCase();
  for (const banned of ["lie", "lying", "deceiv", "suspicious", "nervous", "anxious"])
    expect(words.split(/\W+/)).not.toContain(banned);
});

it("calls a feature by its name, and one newer than this console by its own", () => {
  expect([featureName("latency_s"), featureName("moon_phase")]).toEqual([en.z_latency_s, "moon phase"]);
});
