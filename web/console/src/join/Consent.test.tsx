import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mount } from "../testing/mount";
import { invitation } from "../testing/samples";
import type { Join } from "../types";
import { Consent } from "./Consent";

const REQUEST = "POST /api/join/tok/consent";

async function open(service: FakeService, invited: Join = invitation) {
  const given: Join[] = [];
  const page = await mount(
    <Consent api={service.joinApi()} invitation={invited} onGiven={(one) => given.push(one)} />,
  );
  return { page, given };
}

it("takes one tap for all", async () => {
  const service = new FakeService().answers(REQUEST, invitation);
  const { page, given } = await open(service);
  await page.press("Agree to all and continue");
  expect(service.sentTo(REQUEST)).toEqual([{ recording: true, face: true, voice: true, behaviour: true }]);
  expect(given).toEqual([invitation]);
});

it("starts from nothing when chosen one by one", async () => {
  const service = new FakeService().answers(REQUEST, invitation);
  const { page } = await open(service);
  await page.press("Choose one by one");
  expect(page.text).toContain("Ask your customer manager for a meeting at the branch");
  const recording = page.find<HTMLInputElement>("[role=switch]");
  recording.checked = true;
  await page.fire(recording, "change");
  await page.press("Continue with my choice");
  expect(service.sentTo(REQUEST)).toEqual([{ recording: true, face: false, voice: false, behaviour: false }]);
});

it("asks for nothing that is off where the interview takes place", async () => {
  const service = new FakeService().answers(REQUEST, invitation).answers(REQUEST, invitation);
  const there: Join = { ...invitation, asked: ["recording", "face", "voice"] };
  const { page } = await open(service, there);
  expect(page.text).toContain("Check my voice");
  expect(page.text).not.toContain("Compare how I answer");
  await page.press("Agree to all and continue");
  expect(service.sentTo(REQUEST)).toEqual([{ recording: true, face: true, voice: true, behaviour: false }]);
});

it("keeps the choice when the service refuses", async () => {
  const service = new FakeService().refuses(REQUEST, "recording_needed");
  const { page, given } = await open(service);
  await page.press("Choose one by one");
  await page.press("Continue with my choice");
  expect(page.text).toContain("recording_needed in English");
  expect(page.has("[role=switch]")).toBe(true);
  expect(given).toEqual([]);
});
