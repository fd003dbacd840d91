import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { FakeStreams } from "../testing/FakeStreams";
import { mountInConsole, settle } from "../testing/mount";
import {
  assessment,
  challenge,
  detail,
  movementReading,
  question,
  questionSet,
  reading,
  sealed,
} from "../testing/samples";
import { SessionPage } from "./SessionPage";

const service = () =>
  new FakeService()
    .answers("GET /api/sessions/s1", detail)
    .answers("GET /api/sessions/s1/assessments", [assessment({ t: 3, probability: 0.5 })])
    .answers("GET /api/sessions/s1/readings?kind=micro_expression", [])
    .answers("GET /api/sessions/s1/questions", null)
    .answers("GET /api/sessions/s1/challenges", [])
    .answers("GET /api/sessions/s1/speech", null);

it("shows assessments as they come, and the review once the interview is sealed", async () => {
  const [from, streams] = [service(), new FakeStreams()];
  const page = await mountInConsole(<SessionPage id="s1" />, from, { openStream: streams.openStream });
  expect(page.text).toContain("50%");
  streams.send("assessment", assessment({ t: 4, probability: 0.7 }));
  await settle();
  expect(page.text).toContain("70%");
  from.answers("GET /api/sessions/s1", sealed);
  streams.send("state", {});
  await settle();
  expect(page.text).toContain("Fraud probability over time");
  expect(streams.open.map((one) => one.closed)).toEqual([true]);
});

it("follows a challenge from the one that is stored to its end", async () => {
  const stored = challenge({ state: "running", step: 3 });
  const from = service().answers("GET /api/sessions/s1/challenges", [stored]);
  const streams = new FakeStreams();
  const page = await mountInConsole(<SessionPage id="s1" />, from, { openStream: streams.openStream });
  expect(page.text).toContain("3/32");
  streams.send("challenge", challenge({ state: "running", step: 9 }));
  await settle();
  expect(page.text).toContain("9/32");
  streams.send("challenge", challenge({ state: "refused" }));
  await settle();
  expect(page.text).toContain("Declined");
});

it("follows what another page of the officer marks", async () => {
  const from = service().answers("GET /api/sessions/s1/questions", questionSet());
  const streams = new FakeStreams();
  const page = await mountInConsole(<SessionPage id="s1" />, from, { openStream: streams.openStream });
  expect(page.has("[aria-current=step]")).toBe(false);
  const asked = question({ number: 2, state: "answering", asked_s: 31.2 });
  const marks = [{ question: "q2", event: "asked", t: 31.2, at: "2026-11-24T08:03:00Z" }];
  streams.send("questions", { ...questionSet([asked]), marks });
  await settle();
  expect(page.find("[aria-current=step]").textContent).toContain("Question 2?");
});

it("tells what the newest reading saw, once there is one", async () => {
  const [from, streams] = [service(), new FakeStreams()];
  const page = await mountInConsole(<SessionPage id="s1" />, from, { openStream: streams.openStream });
  const [sample] = assessment().contributions;
  const contributions = sample ? [{ ...sample, kind: "injection_frames" }] : [];
  streams.send("assessment", assessment({ t: 4, contributions }));
  await settle();
  expect(page.has("[aria-expanded]")).toBe(false);
  for (const cue_repeats of [0, 6.5])
    streams.send("reading", reading({ kind: "injection_frames", covariates: { cue_repeats } }));
  await settle();
  await page.press("No loop or replay in the picture");
  expect(page.find("td li").textContent).toBe("Earlier stretch shown again +6.5");
});

it("says when live updates stop", async () => {
  const streams = new FakeStreams();
  const page = await mountInConsole(<SessionPage id="s1" />, service(), { openStream: streams.openStream });
  streams.state.value = "lost";
  await settle();
  expect(page.text).toContain("Live updates stopped. Reconnecting.");
});

it("catches up with what was found and marked while live updates were down", async () => {
  const READINGS = "GET /api/sessions/s1/readings?kind=micro_expression";
  const QUESTIONS = "GET /api/sessions/s1/questions";
  const from = service().answers(READINGS, [movementReading()]).answers(QUESTIONS, questionSet());
  const streams = new FakeStreams();
  const page = await mountInConsole(<SessionPage id="s1" />, from, { openStream: streams.openStream });
  streams.state.value = "lost";
  await settle();
  const asked = question({ number: 2, state: "answering", asked_s: 31.2 });
  const marks = [{ question: "q2", event: "asked", t: 31.2, at: "2026-11-24T08:03:00Z" }];
  from
    .answers(READINGS, [movementReading(), movementReading({ seq: 6, start: 45, end: 45.4 })])
    .answers(QUESTIONS, { ...questionSet([asked]), marks });
  expect(page.text).toContain("Movements of the face (1)");
  streams.state.value = "open";
  await settle();
  expect(page.text).toContain("Movements of the face (2)");
  expect(page.find("[aria-current=step]").textContent).toContain("Question 2?");
  expect(from.sentTo(READINGS)).toHaveLength(2);
});

it("catches up with assessments and challenges, and asks only for the assessments that it missed", async () => {
  const [from, streams] = [service(), new FakeStreams()];
  const page = await mountInConsole(<SessionPage id="s1" />, from, { openStream: streams.openStream });
  streams.send("assessment", assessment({ seq: 8, t: 4 }));
  streams.state.value = "lost";
  await settle();
  const missed = [assessment({ seq: 20, t: 10 }), assessment({ seq: 30, t: 15, probability: 0.91 })];
  from
    .answers("GET /api/sessions/s1/assessments?after=8", missed)
    .answers("GET /api/sessions/s1/challenges", [challenge({ state: "refused" })]);
  streams.state.value = "open";
  await settle();
  expect(page.text).toContain("91.0%");
  expect(page.text).toContain("Declined");
  expect(from.sentTo("GET /api/sessions/s1/assessments")).toHaveLength(1);
});

it("asks again for the assessments of a gap that could not be loaded, with those of the next", async () => {
  const [from, streams] = [service(), new FakeStreams()];
  const page = await mountInConsole(<SessionPage id="s1" />, from, { openStream: streams.openStream });
  streams.send("assessment", assessment({ seq: 8, t: 4 }));
  from.refuses("GET /api/sessions/s1/assessments?after=8", "busy", 503);
  for (const state of ["lost", "open"] as const) {
    streams.state.value = state;
    await settle();
  }
  expect(page.find("[role=alert]").textContent).toContain("busy in English");
  streams.send("assessment", assessment({ seq: 40, t: 20, probability: 0.5 }));
  from.answers("GET /api/sessions/s1/assessments?after=8", [assessment({ seq: 30, t: 15 })]);
  await page.press("Try again");
  expect(page.has("[role=alert]")).toBe(false);
  expect(page.text).toContain("0:20: 50%");
  expect(from.sentTo("GET /api/sessions/s1/assessments?after=8")).toHaveLength(2);
});

it("says that questions could not be loaded, asks for them again, and takes none for granted till then", async () => {
  const from = service()
    .answers("GET /api/sessions/s1/readings?kind=micro_expression", [movementReading()])
    .refuses("GET /api/sessions/s1/questions", "busy", 503);
  const page = await mountInConsole(<SessionPage id="s1" />, from);
  expect(page.find("[role=alert]").textContent).toContain("busy in English");
  expect(page.text).toContain("Movements of the face (1)");
  expect(page.text).not.toContain("Outside of every marked answer");
  from
    .answers("GET /api/sessions/s1/questions", questionSet())
    .answers("GET /api/sessions/s1/assessments?after=1", []);
  await page.press("Try again");
  expect(page.text).toContain("0 of 4 answered");
  expect(page.text).toContain("Outside of every marked answer");
  expect(page.has("[role=alert]")).toBe(false);
});

it("says why an interview cannot be shown", async () => {
  const from = new FakeService().refuses("GET /api/sessions/s1", "not_found", 404);
  const page = await mountInConsole(<SessionPage id="s1" />, from);
  expect(page.text).toContain("not_found in English");
});
