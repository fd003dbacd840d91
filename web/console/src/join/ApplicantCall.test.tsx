import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import { begin, show } from "../testing/cues";
import { FakeScreen } from "../testing/FakeScreen";
import { FakeService } from "../testing/FakeService";
import { mount, settle } from "../testing/mount";
import { fakeCall } from "../testing/officerCall";
import { invitation } from "../testing/samples";
import type { PageReport } from "../types";
import { ApplicantCall } from "./ApplicantCall";
import { Challenge } from "./challenge/challenge";
import { PageReports } from "./page/reports";

async function open(stream = new MediaStream()) {
  const { call, peers } = fakeCall();
  let leaves = 0;
  const service = new FakeService()
    .answers("POST /api/join/tok/challenges/c1/answer", null, 204)
    .answers("POST /api/join/tok/page", null, 204);
  const api = service.joinApi();
  const challenge = new Challenge({ api, key: Promise.resolve(null), screen: new FakeScreen() });
  let report: (one: PageReport) => void = () => {};
  const page = await mount(
    <ApplicantCall
      offer={api.offer}
      invitation={invitation}
      stream={stream}
      challenge={challenge}
      reports={new PageReports(api)}
      watch={(_, told) => {
        report = told;
        return () => {};
      }}
      makeCall={() => call}
      onLeave={() => {
        leaves += 1;
      }}
    />,
  );
  const tell = (one: PageReport) => report(one);
  return { page, peers, leaves: () => leaves, challenge, service, tell };
}

it("waits for the manager, then shows only them", async () => {
  const { page, peers } = await open();
  expect(page.text).toContain("Connecting");
  await act(() => peers[0]?.become("connected"));
  expect(page.text).toContain("your customer manager will join in a moment");
  await page.fire(page.find("video"), "playing");
  expect(page.text).not.toContain("in a moment");
  await page.fire(page.find("video"), "emptied");
  expect(page.text).toContain("No picture from your customer manager at the moment.");
});

it("shows that a challenge turned the microphone on", async () => {
  const microphone = { enabled: true } as MediaStreamTrack;
  const { page, peers, challenge } = await open(
    Object.assign(new MediaStream(), { getAudioTracks: () => [microphone] }),
  );
  await act(() => peers[0]?.become("connected"));
  await page.press("Mute");
  await act(() => challenge.receive(begin({ kind: "digits" })));
  await page.press("Turn it on and start");
  await act(() => challenge.receive({ event: "end", id: "c1", how: "done" }));
  expect([page.text.includes("Unmute"), microphone.enabled]).toEqual([false, true]);
  await page.press("Mute");
  expect(microphone.enabled).toBe(false);
});

it("says that the connection is being made again", async () => {
  const { page, peers } = await open();
  await act(() => peers[0]?.become("failed"));
  expect(page.text).toContain("Reconnecting; the interview goes on where it stopped.");
});

it("asks before leaving", async () => {
  const { page, leaves } = await open();
  await page.press("Leave");
  expect([page.text.includes("Leave the interview?"), leaves()]).toEqual([true, 0]);
  await page.fire(page.find("dialog button:last-child"), "click");
  expect(leaves()).toBe(1);
});

it("puts a challenge over everything else, which rests until it is over", async () => {
  const { page, peers, challenge } = await open();
  await act(() => peers[0]?.become("connected"));
  await page.press("Leave");
  await act(() => challenge.receive(begin()));
  await settle();
  expect(page.find("[role=dialog]").textContent).toContain("A short light check");
  expect([page.find("[inert]").contains(page.button("Leave")), page.has("dialog")]).toEqual([true, false]);
  await act(() => challenge.receive({ event: "end", id: "c1", how: "cancelled" }));
  expect([page.has("[role=dialog]"), page.has("[inert]")]).toEqual([false, false]);
  expect(page.text).toContain("The check was taken back.");
});

it("ends a challenge with the connection that it belongs to", async () => {
  const { page, peers, challenge, service } = await open();
  await act(() => peers[0]?.become("connected"));
  await act(() => challenge.receive(begin()));
  service.answers("POST /api/join/tok/challenges/c1/answer", null, 204);
  await act(() => challenge.answer("ready"));
  expect(page.has("[role=dialog]")).toBe(true);
  await act(() => peers[0]?.become("failed"));
  expect(page.has("[role=dialog]")).toBe(false);
  await act(() => challenge.receive(show()));
  expect(page.has("[role=dialog]")).toBe(false);
});

it("reports what the page finds out during the call", async () => {
  const { service, tell } = await open();
  tell({ event: "visibility", hidden: true });
  await settle();
  expect(service.sentTo("POST /api/join/tok/page")).toEqual([
    { reports: [{ event: "visibility", hidden: true }] },
  ]);
});
