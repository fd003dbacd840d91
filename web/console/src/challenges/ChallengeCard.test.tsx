import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { challenge, challengeResult } from "../testing/samples";
import { ChallengeCard } from "./ChallengeCard";

it("shows how far a running one is, and lets it be taken back", async () => {
  let cancelled = 0;
  const running = challenge({ state: "running", step: 8, started_s: 60 });
  const cancel = () => {
    cancelled += 1;
  };
  const page = await mount(<ChallengeCard session="s1" challenge={running} live onCancel={cancel} />);
  expect(page.find("progress").getAttribute("aria-label")).toBe("8 of 32 shown");
  await page.press("Take back");
  expect(cancelled).toBe(1);
});

it("leads to its evidence and to its record once the interview can be played", async () => {
  const sought: number[] = [];
  const done = challenge({ state: "done", started_s: 60, ended_s: 75, result: challengeResult() });
  const page = await mount(
    <ChallengeCard session="s1" challenge={done} onSeek={(t) => sought.push(t)} onCancel={() => {}} />,
  );
  await page.press("Go to the evidence at 1:01–1:13");
  expect(sought).toEqual([61]);
  expect(page.button("Record").getAttribute("href")).toBe("/api/sessions/s1/challenges/c1/record");
  expect(page.text).not.toContain("Take back");
  const live = await mount(<ChallengeCard session="s1" challenge={done} live />);
  expect([live.text.includes("1:01–1:13"), live.has("button"), live.has("a")]).toEqual([true, false, false]);
});

it("offers the head turn to somebody who was spared the light", async () => {
  let asked = 0;
  const spared = challenge({ state: "spared", detail: "photosensitive" });
  const ask = () => {
    asked += 1;
  };
  const page = await mount(<ChallengeCard session="s1" challenge={spared} live onHeadTurn={ask} />);
  await page.press("Head turn instead");
  expect(asked).toBe(1);
});
