import type { CameraReport } from "../../types";
import { nativesOf, watchedFunctions } from "./natives";

/** What a report of the camera is read from; a browser's own unless a test says otherwise. */
export interface CameraSources {
  devices: () => Promise<Pick<MediaDeviceInfo, "kind">[]>;
  hasCaptureTime: (stream: MediaStream) => Promise<boolean | null>;
  webgl: () => string;
  functions: () => Record<string, unknown>;
}

const BROWSER: CameraSources = {
  devices: async () => (await navigator.mediaDevices?.enumerateDevices()) ?? [],
  hasCaptureTime,
  webgl: webglRenderer,
  functions: watchedFunctions,
};

const CAPTURE_TIME_MS = 1500;

/** The camera and this browser as they describe themselves; null without a camera. */
export async function cameraReport(
  stream: MediaStream,
  sources: CameraSources = BROWSER,
): Promise<CameraReport | null> {
  const [track] = stream.getVideoTracks();
  if (!track) return null;
  const [devices, capture_time] = await Promise.all([sources.devices(), sources.hasCaptureTime(stream)]);
  const count = (kind: MediaDeviceKind) => devices.filter((one) => one.kind === kind).length;
  return {
    event: "camera",
    ...trackFacts(track),
    video_inputs: count("videoinput"),
    audio_inputs: count("audioinput"),
    user_agent: navigator.userAgent.slice(0, 600),
    mobile: isMobile(),
    touch_points: navigator.maxTouchPoints ?? 0,
    webgl: sources.webgl().slice(0, 600),
    automation: navigator.webdriver === true,
    natives: nativesOf(sources.functions()),
    capture_time,
  };
}

function trackFacts(track: MediaStreamTrack) {
  const settings = track.getSettings?.() ?? {};
  const capabilities: MediaTrackCapabilities = track.getCapabilities?.() ?? {};
  return {
    label: track.label.slice(0, 200),
    track_class: track.constructor.name.slice(0, 200),
    has_stats: "stats" in track,
    has_group_id: Boolean(settings.groupId),
    has_device_id: Boolean(settings.deviceId),
    facing_mode: settings.facingMode ?? null,
    capabilities: Object.keys(capabilities).sort().slice(0, 64),
    width: range(capabilities.width),
    height: range(capabilities.height),
    frame_rate: range(capabilities.frameRate),
    settings: {
      width: settings.width ?? null,
      height: settings.height ?? null,
      frame_rate: settings.frameRate ?? null,
    },
  };
}

function range(capability: ULongRange | DoubleRange | undefined): [number, number] | null {
  if (capability?.min === undefined || capability.max === undefined) return null;
  return [capability.min, capability.max];
}

function isMobile(): boolean {
  const { userAgentData } = navigator as { userAgentData?: { mobile?: boolean } };
  return userAgentData?.mobile ?? /Android|iPhone|iPad|Mobile/.test(navigator.userAgent);
}

function webglRenderer(): string {
  const context = document.createElement("canvas").getContext("webgl");
  if (!context) return "";
  const names = context.getExtension("WEBGL_debug_renderer_info");
  const found = String(context.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER) ?? "");
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return found;
}

/**
 * Whether the browser knows when a frame was captured: it does for cameras, not for pictures that a page draws.
 * Null where no frame came in time, or the browser does not tell of frames.
 */
async function hasCaptureTime(stream: MediaStream): Promise<boolean | null> {
  const video = document.createElement("video");
  if (!("requestVideoFrameCallback" in video)) return null;
  video.muted = true;
  video.srcObject = stream;
  const seen = new Promise<boolean | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), CAPTURE_TIME_MS);
    video.requestVideoFrameCallback((_, frame) => {
      clearTimeout(timer);
      resolve(frame.captureTime !== undefined);
    });
  });
  await video.play().catch(() => undefined);
  const found = await seen;
  video.srcObject = null;
  return found;
}
