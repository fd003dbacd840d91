import { expect, it } from "vitest";
import { cameraReport } from "./camera";

class CanvasCaptureMediaStreamTrack {
  label = "OBS Virtual Camera";
  stats = {};
  getSettings = () => ({ width: 1280, height: 720, frameRate: 30, deviceId: "d", facingMode: "user" });
  getCapabilities = () => ({ height: { min: 1, max: 720 }, deviceId: "d", width: { max: 1280 } });
}

const sources = {
  devices: async () => [
    { kind: "videoinput" as const },
    { kind: "audioinput" as const },
    { kind: "audioinput" as const },
  ],
  hasCaptureTime: async () => false,
  webgl: () => "x".repeat(700),
  functions: () => ({ getUserMedia: () => null, toString: Function.prototype.toString }),
};

const streamOf = (...tracks: unknown[]) => ({ getVideoTracks: () => tracks }) as unknown as MediaStream;

it("says what the camera and the browser say of themselves", async () => {
  const report = await cameraReport(streamOf(new CanvasCaptureMediaStreamTrack()), sources);
  expect(report).toMatchObject({
    event: "camera",
    label: "OBS Virtual Camera",
    track_class: "CanvasCaptureMediaStreamTrack",
    has_stats: true,
    has_group_id: false,
    has_device_id: true,
    facing_mode: "user",
    capabilities: ["deviceId", "height", "width"],
    width: null,
    height: [1, 720],
    frame_rate: null,
    settings: { width: 1280, height: 720, frame_rate: 30 },
    video_inputs: 1,
    audio_inputs: 2,
    natives: { getUserMedia: false, toString: true },
    capture_time: false,
  });
  expect(report?.webgl.length).toBe(600);
});

it("has nothing to say without a camera", async () =>
  expect(await cameraReport(streamOf(), sources)).toBe(null));

it("manages with a browser that says less", async () => {
  const old = { label: "", constructor: { name: "MediaStreamTrack" } };
  const report = await cameraReport(streamOf(old), sources);
  expect(report).toMatchObject({
    has_stats: false,
    facing_mode: null,
    capabilities: [],
    settings: { width: null, height: null, frame_rate: null },
  });
});
