import type { PageReport, StatsReport } from "../../types";

export const STATS_MS = 10_000;

/** What the watch looks at; a browser's own unless a test says otherwise. */
export interface Watched {
  stats: () => Promise<RTCStatsReport | null>;
  page?: Pick<Document, "addEventListener" | "removeEventListener" | "visibilityState">;
  devices?: Pick<MediaDevices, "addEventListener" | "removeEventListener" | "enumerateDevices"> | null;
  every?: (ms: number, then: () => void) => () => void;
}

/** Report encoder, visibility and devices while the call lasts; returns the function that ends it. */
export function watchPage(watched: Watched, report: (one: PageReport) => void): () => void {
  const { page = document, devices = navigator.mediaDevices ?? null, every = everyOnClock } = watched;
  const onVisibility = () => report({ event: "visibility", hidden: page.visibilityState === "hidden" });
  const stopStats = every(STATS_MS, () => {
    void watched.stats().then((stats) => {
      const found = stats && statsReport(stats);
      if (found) report(found);
    });
  });
  const stopDevices = devices ? watchDevices(devices, report) : () => {};
  page.addEventListener("visibilitychange", onVisibility);
  // A page that was left while hidden never said that it came back: its successor does.
  onVisibility();
  return () => {
    page.removeEventListener("visibilitychange", onVisibility);
    stopStats();
    stopDevices();
  };
}

function watchDevices(
  devices: NonNullable<Watched["devices"]>,
  report: (one: PageReport) => void,
): () => void {
  const labels = async () => {
    const all = await devices.enumerateDevices().catch(() => []);
    return all.filter((one) => one.kind === "videoinput").map((one) => one.label);
  };
  let before = labels();
  async function onChange() {
    const [old, now] = [await before, await labels()];
    before = Promise.resolve(now);
    const labels_changed = old.toSorted().join("\n") !== now.toSorted().join("\n");
    report({ event: "devices", video_inputs: now.length, labels_changed });
  }
  const listener = () => void onChange();
  devices.addEventListener("devicechange", listener);
  return () => devices.removeEventListener("devicechange", listener);
}

/** The page's own video, of WebRTC's statistics; null where none is sent. */
export function statsReport(stats: RTCStatsReport): StatsReport | null {
  const all = [...stats.values()] as Record<string, unknown>[];
  const sent = all.find((one) => one.type === "outbound-rtp" && one.kind === "video");
  if (!sent) return null;
  const source = all.find((one) => one.type === "media-source" && one.kind === "video") ?? {};
  return {
    event: "stats",
    frames_per_second: number(source.framesPerSecond) ?? number(sent.framesPerSecond),
    frames: number(source.frames) ?? number(sent.framesEncoded),
    limited_by: text(sent.qualityLimitationReason),
    encoder: text(sent.encoderImplementation),
    width: number(source.width) ?? number(sent.frameWidth),
    height: number(source.height) ?? number(sent.frameHeight),
  };
}

const number = (value: unknown) => (typeof value === "number" ? value : null);
const text = (value: unknown) => (typeof value === "string" ? value.slice(0, 200) : "");

function everyOnClock(ms: number, then: () => void): () => void {
  const timer = setInterval(then, ms);
  return () => clearInterval(timer);
}
