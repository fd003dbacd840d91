import { expect, it } from "vitest";
import { settle } from "../../testing/mount";
import type { PageReport } from "../../types";
import { statsReport, watchPage } from "./watch";

const stats = (...entries: object[]) =>
  new Map(entries.map((one, index) => [String(index), one])) as unknown as RTCStatsReport;

const sent = {
  type: "outbound-rtp",
  kind: "video",
  framesEncoded: 200,
  qualityLimitationReason: "bandwidth",
  encoderImplementation: "libvpx",
  frameWidth: 320,
  frameHeight: 240,
};
const source = {
  type: "media-source",
  kind: "video",
  framesPerSecond: 29,
  frames: 300,
  width: 640,
  height: 480,
};

it("reports the camera before the encoder", () => {
  expect(statsReport(stats({ type: "outbound-rtp", kind: "audio" }, sent, source))).toEqual({
    event: "stats",
    frames_per_second: 29,
    frames: 300,
    limited_by: "bandwidth",
    encoder: "libvpx",
    width: 640,
    height: 480,
  });
});

it("takes the encoder's where the browser keeps none of the camera, and nothing where no video is sent", () => {
  expect(statsReport(stats(sent))).toMatchObject({ frames_per_second: null, frames: 200, width: 320 });
  expect(statsReport(stats(source))).toBe(null);
});

class Devices extends EventTarget {
  labels = ["Front camera"];
  enumerateDevices = async () =>
    this.labels.map((label) => ({ kind: "videoinput", label }) as MediaDeviceInfo);
}

it("reports every ten seconds, when the page is hidden, and when cameras come and go, until it is ended", async () => {
  const told: PageReport[] = [];
  const page = Object.assign(new EventTarget(), { visibilityState: "hidden" as DocumentVisibilityState });
  const devices = new Devices();
  const ticks: (() => void)[] = [];
  const end = watchPage(
    {
      stats: async () => stats(sent, source),
      page,
      devices,
      every: (ms, then) => {
        expect(ms).toBe(10_000);
        ticks.push(then);
        return () => ticks.splice(0);
      },
    },
    (one) => told.push(one),
  );
  await settle();
  for (const tick of ticks) tick();
  page.dispatchEvent(new Event("visibilitychange"));
  devices.labels = ["Front camera", "OBS Virtual Camera"];
  devices.dispatchEvent(new Event("devicechange"));
  await settle();
  devices.dispatchEvent(new Event("devicechange"));
  await settle();
  expect(told.map((one) => one.event)).toEqual(["visibility", "visibility", "stats", "devices", "devices"]);
  expect(told.slice(3)).toEqual([
    { event: "devices", video_inputs: 2, labels_changed: true },
    { event: "devices", video_inputs: 2, labels_changed: false },
  ]);
  end();
  page.dispatchEvent(new Event("visibilitychange"));
  devices.dispatchEvent(new Event("devicechange"));
  await settle();
  expect([told.length, ticks]).toEqual([5, []]);
});
