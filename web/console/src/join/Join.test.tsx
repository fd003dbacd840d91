import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { FakeStreams } from "../testing/FakeStreams";
import { mount, settle } from "../testing/mount";
import { invitation } from "../testing/samples";
import { Join } from "./Join";

const pageKey = Promise.resolve(null);

const consent = {
  recording: true,
  face: true,
  voice: true,
  behaviour: true,
  given_at: "2026-11-24T08:00:00Z",
};
const consented = { ...invitation, consent };

async function open(service: FakeService) {
  const streams = new FakeStreams();
  const page = await mount(
    <Join api={service.joinApi()} openStream={streams.openStream} pageKey={pageKey} />,
  );
  return { page, streams };
}

it("leads from consent to the devices", async () => {
  const service = new FakeService()
    .answers("GET /api/join/tok", invitation)
    .answers("POST /api/join/tok/consent", consented);
  const { page } = await open(service);
  expect(page.text).toContain("Li Jianguo, welcome");
  expect(page.text).toContain("Test Bank invites you to a video interview: Trade finance.");
  await page.press("Agree to all and continue");
  expect(page.find("[aria-current=step]").textContent).toBe("Camera");
});

it("skips what was done before, and ends when the manager ends", async () => {
  const { page, streams } = await open(new FakeService().answers("GET /api/join/tok", consented));
  expect(page.text).toContain("Can we see and hear you?");
  streams.send("state", { state: "live" });
  await settle();
  expect(page.text).toContain("Can we see and hear you?");
  streams.send("state", { state: "sealed" });
  await settle();
  expect(page.text).toContain("The interview has ended");
});

it("says why a link does not work", async () => {
  const { page } = await open(new FakeService().refuses("GET /api/join/tok", "link_used", 410));
  expect(page.text).toContain("link_used in English");
});
