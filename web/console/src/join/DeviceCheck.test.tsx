import { expect, it } from "vitest";
import type { Devices } from "../media/devices";
import { mount, settle } from "../testing/mount";
import type { CameraReport } from "../types";
import { DeviceCheck } from "./DeviceCheck";

const Meter = ({ onHeard }: { onHeard?: () => void }) => (
  <button type="button" onClick={onHeard}>
    speak
  </button>
);

it("explains a refusal, then goes on once the devices are there", async () => {
  const stream = new MediaStream();
  const answers: Devices[] = [
    { ok: false, problem: { code: "denied", detail: "by the user" } },
    { ok: true, stream },
  ];
  const problems: string[] = [];
  const ready: MediaStream[] = [];
  const page = await mount(
    <DeviceCheck
      open={async () => answers.shift() as Devices}
      meter={Meter}
      onProblem={(problem) => problems.push(problem.code)}
      onReport={() => {}}
      onReady={(one) => ready.push(one)}
    />,
  );
  await page.press("Turn on camera and microphone");
  expect(page.find("[role=alert]").textContent).toContain("has blocked the camera or microphone");
  expect(problems).toEqual(["denied"]);
  await page.press("Try again");
  expect(page.text).toContain("Say a few words");
  await page.press("speak");
  expect(page.text).toContain("We can hear you.");
  await page.press("Enter the interview");
  expect(ready).toEqual([stream]);
});

function camera(apply: () => Promise<void>) {
  const track = {
    getConstraints: () => ({}),
    getSettings: () => ({ height: 480, frameRate: 30 }),
    applyConstraints: apply,
    stop: () => {},
  };
  const stream = new MediaStream();
  Object.assign(stream, { getVideoTracks: () => [track], getTracks: () => [track] });
  return stream;
}

async function check(stream: MediaStream) {
  const events: string[] = [];
  const page = await mount(
    <DeviceCheck
      open={async () => ({ ok: true, stream })}
      meter={Meter}
      describe={async () => ({ event: "camera" }) as CameraReport}
      onProblem={() => {}}
      onReport={(report) => events.push(report.event)}
      onReady={() => events.push("ready")}
    />,
  );
  await page.press("Turn on camera and microphone");
  return { page, events };
}

it("describes and probes the camera while they look at the preview", async () => {
  const { events } = await check(camera(async () => {}));
  expect(events).toEqual(["camera", "probe"]);
});

it("goes on as soon as the camera is as it was, when they do not wait for the probe", async () => {
  const pending: (() => void)[] = [];
  const { page, events } = await check(camera(() => new Promise((resolve) => pending.push(resolve))));
  await page.press("Enter the interview");
  expect(events).toEqual(["camera"]);
  pending[0]?.();
  await settle();
  expect([events, pending.length]).toEqual([["camera"], 2]);
  pending[1]?.();
  await settle();
  expect(events.sort()).toEqual(["camera", "probe", "ready"]);
});
