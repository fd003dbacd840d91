/** Why camera and microphone are not there; `detail` is the browser's own word. */
export type DeviceProblem = { code: "insecure" | "denied" | "absent" | "busy" | "failed"; detail: string };

export type Devices = { ok: true; stream: MediaStream } | { ok: false; problem: DeviceProblem };

/** What a browser offers for opening devices; null on pages without HTTPS. */
export type MediaDevicesLike = Pick<MediaDevices, "getUserMedia"> | null;

/** What both sides send: 640x480 at 30 frames a second is what the analysis needs. */
export const CALL_MEDIA: MediaStreamConstraints = {
  video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 }, facingMode: "user" },
  audio: { echoCancellation: true, noiseSuppression: false, autoGainControl: true },
};

const CODES: Record<string, DeviceProblem["code"]> = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** Open camera and microphone, or say in which of five ways that failed. */
export async function openDevices(
  wanted: MediaStreamConstraints = CALL_MEDIA,
  devices: MediaDevicesLike = navigator.mediaDevices ?? null,
): Promise<Devices> {
  if (!devices) return { ok: false, problem: { code: "insecure", detail: "" } };
  try {
    return { ok: true, stream: await devices.getUserMedia(wanted) };
  } catch (error) {
    const { name, message } = error as DOMException;
    return { ok: false, problem: { code: CODES[name] ?? "failed", detail: message || name } };
  }
}

export function stopStream(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
