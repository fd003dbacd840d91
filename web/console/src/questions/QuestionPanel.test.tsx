import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import { language } from "../i18n";
import { FakeService } from "../testing/FakeService";
import { mountInConsole, settle } from "../testing/mount";
import { behaviour, detail, question, questionSet, tooFew } from "../testing/samples";
import type { CallStatus, MarkEvent, Questions, SessionDetail } from "../types";
import { QuestionPanel } from "./QuestionPanel";

const MARK = (number: number) => `POST /api/sessions/s1/questions/q${number}/marks`;
const link = { connected: true, kbps: 900, fps: 30, loss: 0 };
const call = { applicant: link, officer: link, analysis: { state: "running", level: 0, lag_s: 0.4 } };

interface Setting {
  questions?: Questions;
  part?: Partial<SessionDetail>;
  connected?: boolean;
  isMine?: boolean;
  service?: FakeService;
}

const agreed = detail.consent && { ...detail.consent, voice: true };

async function open({ questions, part = {}, connected = true, isMine = true, service }: Setting) {
  const changed: Questions[] = [];
  const page = await mountInConsole(
    <QuestionPanel
      detail={{ ...detail, consent: agreed, ...part }}
      isMine={isMine}
      call={{ ...call, applicant: { ...link, connected } } as CallStatus}
      questions={questions ?? questionSet()}
      onChange={(one) => changed.push(one)}
    />,
    service,
  );
  return { page, changed };
}

const answering = question({ number: 2, state: "answering", asked_s: 31.2 });
const answered = question({ number: 1, role: "baseline", state: "answered", asked_s: 4, ended_s: 19 });

it.each<[string, number, Questions, MarkEvent]>([
  ["Asked: question 2", 2, questionSet(), "asked"],
  ["Answered: question 2", 2, questionSet([answering]), "answered"],
  ["Undo: question 2", 2, questionSet([answering]), "withdrawn"],
  ["Ask again: question 1", 1, questionSet([answered]), "asked"],
])("marks a question: %s", async (button, number, questions, event) => {
  const told = questionSet([answering]);
  const service = new FakeService().answers(MARK(number), told, 201);
  const { page, changed } = await open({ questions, service });
  await page.press(button);
  expect([service.sentTo(MARK(number)), changed]).toEqual([[{ event }], [told]]);
});

it("lets the question that is being answered stand out, and counts the answers", async () => {
  const { page } = await open({ questions: questionSet([answered, answering]) });
  expect(page.find("[aria-current=step]").textContent).toContain("Question 2?");
  expect(page.root.querySelectorAll("[aria-current]")).toHaveLength(1);
  expect(page.text).toContain("1 of 4 answered");
  expect(page.text).toContain("0:04–0:19");
});

it("says what the service says when it refuses", async () => {
  const service = new FakeService().refuses(MARK(1), "not_recorded", 409);
  const { page, changed } = await open({ service });
  await page.press("Asked: question 1");
  expect([page.find("[role=alert]").textContent, changed]).toEqual(["not_recorded in English", []]);
});

it.each<[string, Setting]>([
  ["nobody is there", { connected: false }],
  ["the interview is interrupted", { part: { state: "interrupted" } }],
])("asks nobody when %s, and lets an answer end", async (_, setting) => {
  const { page } = await open({ ...setting, questions: questionSet([answering]) });
  const disabled = (words: string) => (page.button(words) as HTMLButtonElement).disabled;
  expect([disabled("Asked: question 1"), disabled("Answered: question 2")]).toEqual([true, false]);
  expect(page.text).toContain("Possible once the applicant is in the call.");
});

it("shows those who only watch the questions, and nothing to press", async () => {
  const { page } = await open({ isMine: false });
  expect([page.text.includes("Question 4?"), page.has("button"), page.text.includes("Backspace")]).toEqual([
    true,
    false,
    false,
  ]);
});

it("can be worked by keys alone", async () => {
  const told = questionSet([{ ...answering, state: "answered", ended_s: 44 }]);
  const service = new FakeService();
  for (const number of [2, 3]) service.answers(MARK(number), told, 201);
  const { page } = await open({ questions: questionSet([answered, answering]), service });
  const focused = () => document.activeElement?.getAttribute("aria-label");
  await page.key(document.body, "q");
  expect(focused()).toBe("Answered: question 2");
  await act(() => (document.activeElement as HTMLElement).click());
  await settle();
  expect(focused()).toBe("Asked: question 3");
  await page.key(document.activeElement as Element, "ArrowUp");
  expect(focused()).toBe("Answered: question 2");
  await page.key(document.activeElement as Element, "Backspace");
  expect(service.sentTo(MARK(2))).toEqual([{ event: "answered" }, { event: "withdrawn" }]);
  await page.key(document.activeElement as Element, "ArrowDown");
  expect(page.root.querySelectorAll("button[tabindex='0']")).toHaveLength(1);
});

it("sends a double click once", async () => {
  const service = new FakeService().answers(MARK(1), questionSet(), 201);
  const { page } = await open({ service });
  await act(() => {
    page.button("Asked: question 1").click();
    page.button("Asked: question 1").click();
  });
  await settle();
  expect(service.sentTo(MARK(1))).toHaveLength(1);
});

it("sends a mark while another is under way", async () => {
  const service = new FakeService();
  for (const number of [1, 2]) service.answers(MARK(number), questionSet(), 201);
  const release = service.holds(MARK(2));
  const { page, changed } = await open({ questions: questionSet([answering]), service });
  await page.press("Answered: question 2");
  await page.press("Undo: question 2");
  await page.press("Asked: question 1");
  expect(service.sentTo(MARK(2))).toEqual([{ event: "answered" }, { event: "withdrawn" }]);
  expect([service.sentTo(MARK(1)), changed.length]).toEqual([[{ event: "asked" }], 1]);
  release();
  await settle();
  expect(changed).toHaveLength(3);
});

it("leaves the keyboard where the officer has put it since", async () => {
  const service = new FakeService().answers(MARK(2), questionSet([answered]), 201);
  const release = service.holds(MARK(2));
  const { page } = await open({ questions: questionSet([answered, answering]), service });
  page.button("Answered: question 2").focus();
  await page.press("Answered: question 2");
  await act(() => page.button("Ask again: question 1").focus());
  release();
  await settle();
  expect(document.activeElement).toBe(page.button("Ask again: question 1"));
});

it("goes on to the next question that nobody has asked since", async () => {
  const third = question({ number: 3, role: "baseline", state: "answered", asked_s: 50, ended_s: 60 });
  const service = new FakeService().answers(MARK(2), questionSet([third]), 201);
  const { page } = await open({ questions: questionSet([answering]), service });
  page.button("Answered: question 2").focus();
  await page.press("Answered: question 2");
  expect(document.activeElement).toBe(page.button("Asked: question 4"));
});

it("shows at a question what its answer gave", async () => {
  const found = question({
    number: 2,
    state: "answered",
    asked_s: 31.2,
    ended_s: 44,
    behaviour: behaviour(),
  });
  const { page } = await open({ questions: questionSet([found]) });
  expect(page.text).toContain("Differs from own neutral answers (p = 0.020, q = 0.060)");
  expect(page.text).toContain("most: Time to the first word +2.1");
  expect(page.text).toContain("Points at a question; says nothing about truth.");
});

it.each([
  ["en", "Not compared: 3 neutral answers of 41 s so far; 5 of 90 s are needed to compare"],
  ["zh-Hans", "未作比较：目前 3 个中性回答共 41 秒，比较需要 5 个共 90 秒"],
  ["zh-Hant", "未作比較：目前 3 個中性回答共 41 秒，比較需要 5 個共 90 秒"],
] as const)("says in %s how far the neutral answers reach", async (one, words) => {
  const { page } = await open({ questions: questionSet([], { absent: tooFew() }) });
  await act(() => {
    language.value = one;
  });
  expect(page.find("[role=status]").textContent).toBe(words);
});

it.each(["face", "voice", "behaviour"] as const)(
  "says that nothing is compared where the applicant did not agree to %s",
  async (refused) => {
    const consent = agreed && { ...agreed, [refused]: false };
    const { page } = await open({ part: { consent } });
    expect(page.find("[role=status]").textContent).toContain(`did not agree to the use of: ${refused}.`);
  },
);

it("does not call a refusal what nobody was asked", async () => {
  const consent = agreed && { ...agreed, behaviour: false };
  const { page } = await open({ part: { consent, asked: ["recording", "face", "voice"] } });
  expect(page.find("[role=status]").textContent).toBe(
    "Not compared: Switched off where this interview takes place",
  );
});
