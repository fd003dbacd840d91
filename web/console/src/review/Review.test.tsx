import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole, settle } from "../testing/mount";
import {
  assessment,
  movementReading,
  movementReplay,
  question,
  questionSet,
  questionsOnly,
  reading,
  sealed,
  turnover,
} from "../testing/samples";
import { Review } from "./Review";

const service = () =>
  new FakeService()
    .answers("GET /api/sessions/s1/assessments", [
      assessment({ t: 2, probability: 0.2 }),
      assessment({ t: 4, probability: 0.4 }),
      assessment({ t: 40, probability: 0.6 }),
    ])
    .answers("GET /api/sessions/s1/readings", [reading(), movementReading()])
    .answers("GET /api/sessions/s1/questions", questionsOnly(turnover));

it("shows the last assessment first, then the one at the playhead", async () => {
  const page = await mountInConsole(<Review detail={sealed} onChange={() => {}} />, service());
  expect(page.text).toContain("Assessment at 0:40.0 · last");
  await page.key(document.body, "l");
  expect(page.text).toContain("Assessment at 0:04.0");
});

it("jumps to the evidence of a signal", async () => {
  const page = await mountInConsole(<Review detail={sealed} onChange={() => {}} />, service());
  await page.press("Go to the evidence of Face against ID photo");
  expect(page.find<HTMLVideoElement>("video").currentTime).toBe(4);
  expect(page.find("[role=slider]").getAttribute("aria-valuenow")).toBe("4");
  expect(page.text).toContain("Assessment at 0:04.0");
  expect(page.text).toContain("40%");
});

it("takes J, K and L from anywhere, but not from a field", async () => {
  const page = await mountInConsole(<Review detail={sealed} onChange={() => {}} />, service());
  await page.key(document.body, "l");
  await page.key(document.body, "l");
  expect(page.find("[role=slider]").getAttribute("aria-valuenow")).toBe("20");
  await page.key(page.find("select"), "l");
  expect(page.find("[role=slider]").getAttribute("aria-valuenow")).toBe("20");
});

it("says what could not be loaded, and tries again", async () => {
  const from = new FakeService();
  const page = await mountInConsole(<Review detail={sealed} onChange={() => {}} />, from);
  expect(page.text).toContain("The service cannot be reached.");
  from
    .answers("GET /api/sessions/s1/assessments", [assessment()])
    .answers("GET /api/sessions/s1/readings", [])
    .answers("GET /api/sessions/s1/questions", null);
  await page.press("Try again");
  expect(page.text).not.toContain("The service cannot be reached.");
});

it("shows a movement again from its marker on the timeline, at its moment and with its question", async () => {
  const from = service().answers("GET /api/sessions/s1/movements/5/replay", movementReplay);
  const page = await mountInConsole(<Review detail={sealed} onChange={() => {}} />, from);
  await page.press("Brief movement at 0:20.0: right inner eyebrow, right outer eyebrow. Question 7");
  expect(page.find<HTMLDialogElement>("dialog").open).toBe(true);
  expect(page.text).toContain("Question 7 · What was your turnover last year?");
  expect(page.find<HTMLVideoElement>("video").currentTime).toBe(20);
  await page.press("Close");
  expect(page.has("dialog")).toBe(false);
});

it("does not take questions that could not be loaded for none", async () => {
  const from = service().refuses("GET /api/sessions/s1/questions", "busy", 503);
  const page = await mountInConsole(<Review detail={sealed} onChange={() => {}} />, from);
  page.button("Brief movement at 0:20.0: right inner eyebrow, right outer eyebrow.");
  await page.press("Questions");
  expect(page.text).not.toMatch(/Outside of every marked answer|This interview has no questions/);
  expect(page.find("aside [role=alert]").textContent).toContain("busy in English");
  from.answers("GET /api/sessions/s1/questions", null);
  await page.press("Try again");
  expect(page.text).toContain("This interview has no questions.");
  expect(page.text).toContain("Outside of every marked answer");
});

it("says nothing about questions while they are on their way", async () => {
  const from = service();
  const release = from.holds("GET /api/sessions/s1/questions");
  const page = await mountInConsole(<Review detail={sealed} onChange={() => {}} />, from);
  await page.press("Questions");
  expect(page.text).not.toMatch(/Outside of every marked answer|This interview has no questions/);
  release();
  await settle();
  expect(page.text).toContain("Question 7");
});

it("leads from the list of answers to where one begins", async () => {
  const page = await mountInConsole(<Review detail={sealed} onChange={() => {}} />, service());
  await page.press("Question 7 (Probe), answered from 0:18 to 0:30: What was your turnover last year?");
  expect(page.find("[role=slider]").getAttribute("aria-valuenow")).toBe("18");
});

it("leads from a question to its answer", async () => {
  const asked = question({ number: 2, state: "answered", asked_s: 31.2, ended_s: 44 });
  const from = service().answers("GET /api/sessions/s1/questions", questionSet([asked]));
  const page = await mountInConsole(<Review detail={sealed} onChange={() => {}} />, from);
  await page.press("Questions");
  await page.press("Go to the answer at 0:31–0:44");
  expect(page.find<HTMLVideoElement>("video").currentTime).toBe(31.2);
});
