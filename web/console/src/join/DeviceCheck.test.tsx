import { expect, it } from "vitest";
import type { Devices } from "../media/devices";
import { mount } from "../testing/mount";
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
