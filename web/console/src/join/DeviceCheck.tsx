import { useEffect, useRef, useState } from "preact/hooks";
import { type DeviceProblem, openDevices, stopStream } from "../media/devices";
import { LevelMeter } from "../media/LevelMeter";
import { LiveVideo } from "../media/LiveVideo";
import { commonText } from "../text";
import type { PageReport } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import styles from "./DeviceCheck.module.css";
import { cameraReport } from "./page/camera";
import { CameraProbe } from "./page/probe";
import { joinText } from "./text";

export interface DeviceCheckProps {
  onReady: (stream: MediaStream) => void;
  onProblem: (problem: DeviceProblem) => void;
  /** Told what the page finds out about the camera. */
  onReport: (report: PageReport) => void;
  open?: typeof openDevices;
  meter?: typeof LevelMeter;
  describe?: typeof cameraReport;
}

/** Camera and microphone: asked for, shown, and explained when they are not to be had. */
export function DeviceCheck({
  onReady,
  onProblem,
  onReport,
  open = openDevices,
  meter: Meter = LevelMeter,
  describe = cameraReport,
}: DeviceCheckProps) {
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [problem, setProblem] = useState<DeviceProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const [isHeard, setHeard] = useState(false);
  const unused = useRef<MediaStream | null>(null);
  const probe = useRef<CameraProbe | null>(null);
  useEffect(() => () => stopStream(unused.current), []);

  async function start() {
    setBusy(true);
    setProblem(null);
    const devices = await open();
    setBusy(false);
    if (devices.ok) {
      unused.current = devices.stream;
      setStream(devices.stream);
      void examine(devices.stream);
      return;
    }
    setProblem(devices.problem);
    onProblem(devices.problem);
  }

  /** While they look at themselves: describe the camera, then see how it takes other formats. */
  async function examine(opened: MediaStream) {
    const report = await describe(opened);
    if (report) onReport(report);
    const [track] = opened.getVideoTracks();
    if (!track || unused.current !== opened) return;
    const running = new CameraProbe(track);
    probe.current = running;
    await running.done;
    if (running.tries.length > 0) onReport({ event: "probe", tries: running.tries });
  }

  async function enter(checked: MediaStream) {
    setBusy(true);
    await probe.current?.stop();
    unused.current = null;
    onReady(checked);
  }

  return (
    <>
      <h1 class={styles.title}>{joinText("devices.title")}</h1>
      <div class={styles.picture}>
        {stream ? (
          <LiveVideo stream={stream} label={joinText("devices.preview")} self fit="cover" />
        ) : (
          <Outline />
        )}
      </div>
      {stream ? (
        <div class={styles.sound}>
          <Meter stream={stream} onHeard={() => setHeard(true)} />
          <p aria-live="polite">{joinText(isHeard ? "devices.heard" : "devices.speak")}</p>
        </div>
      ) : (
        <p class={styles.hint}>{joinText("devices.intro")}</p>
      )}
      <p class={styles.hint}>{joinText("devices.tips")}</p>
      {problem && (
        <Banner tone="danger">{commonText(`media.${problem.code}`, { detail: problem.detail })}</Banner>
      )}
      <div class={styles.actions}>
        {stream ? (
          <Button kind="primary" size="large" busy={busy} onClick={() => void enter(stream)}>
            {joinText("devices.enter")}
          </Button>
        ) : (
          <Button kind="primary" size="large" busy={busy} onClick={() => void start()}>
            {problem ? commonText("common.retry") : joinText("devices.start")}
          </Button>
        )}
      </div>
    </>
  );
}

/** Where the face will be, before the camera is on. */
function Outline() {
  return (
    <svg viewBox="0 0 160 120" class={styles.outline} aria-hidden="true">
      <ellipse cx="80" cy="52" rx="24" ry="31" />
      <path d="M34 120c3-24 22-32 46-32s43 8 46 32" />
    </svg>
  );
}
