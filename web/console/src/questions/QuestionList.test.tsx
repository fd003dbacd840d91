import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import { language } from "../i18n";
import { mount } from "../testing/mount";
import { behaviour, detail, question, questionSet, tooFew } from "../testing/samples";
import { QuestionList } from "./QuestionList";

const asked = [
  question({ number: 1, role: "baseline", state: "answered", asked_s: 4, ended_s: 19 }),
  question({ number: 2, state: "answered", asked_s: 31.2, ended_s: 44, behaviour: behaviour() }),
];

const all = { ...detail, consent: detail.consent && { ...detail.consent, voice: true } };

it("leads from each question and from what was measured to its moment", async () => {
  const sought: number[] = [];
  const page = await mount(
    <QuestionList questions={questionSet(asked)} detail={all} onSeek={(t) => sought.push(t)} />,
  );
  await page.press("0:04–0:19");
  for (const button of page.root.querySelectorAll("button")) await act(() => button.click());
  expect(sought).toEqual([4, 4, 31.2, 31.2]);
  expect(page.text).toContain("Not asked: 3–4");
  expect(page.text).toContain("Trade finance interview · version 2026.11");
});

it.each([
  ["en", "Not asked: 3–4", "Probe", "Differs from own neutral answers"],
  ["zh-Hans", "未提问：3–4", "关键", "与自身中性回答不同"],
  ["zh-Hant", "未提問：3–4", "關鍵", "與自身中性回答不同"],
] as const)("speaks %s", async (one, notAsked, role, differs) => {
  const page = await mount(
    <QuestionList questions={questionSet(asked)} detail={{ ...all, language: "zh-Hans" }} />,
  );
  await act(() => {
    language.value = one;
  });
  for (const words of [notAsked, role, differs]) expect(page.text).toContain(words);
});

it("says why nothing was compared, and that nothing was marked", async () => {
  const none = await mount(<QuestionList questions={questionSet()} detail={all} />);
  expect(none.text).toContain("No question was marked.");
  const short = await mount(
    <QuestionList questions={questionSet(asked.slice(0, 1), { absent: tooFew() })} detail={all} />,
  );
  expect(short.text).toContain("Not compared: 3 neutral answers of 41 s so far");
});

it("says that the applicant did not agree, or that nobody asked them, where no reading says so", async () => {
  const refused = await mount(<QuestionList questions={questionSet(asked)} detail={detail} />);
  expect(refused.text).toContain("did not agree to the use of: voice.");
  const there: typeof detail = { ...detail, asked: ["recording", "face", "voice"] };
  const off = await mount(<QuestionList questions={questionSet(asked)} detail={there} />);
  expect(off.text).toContain("Not compared: Switched off where this interview takes place");
});
