import { useEffect, useRef, useState } from "preact/hooks";
import { type DeviceProblem, openDevices, stopStream } from "../media/devices";
import { LevelMeter } from "../media/LevelMeter";
import { LiveVideo } from "../media/LiveVideo";
import { commonText } from "../text";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import styles from "./DeviceCheck.module.css";
import { joinText } from "./text";

export interface DeviceCheckProps {
  onReady: (stream: MediaStream) => void;
  onProblem: (problem: DeviceProblem) => void;
  open?: typeof openDevices;
  meter?: typeof LevelMeter;
}

/** Camera and microphone: asked for, shown, and explained when they are not to be had. */
export function DeviceCheck({
  onReady,
  onProblem,
  open = openDevices,
  meter: Meter = LevelMeter,
}: DeviceCheckProps) {
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [problem, setProblem] = useState<DeviceProblem | null>(null);
  const [busy, setBusy] = useState(false);
  const [isHeard, setHeard] = useState(false);
  const unused = useRef<MediaStream | null>(null);
  useEffect(() => () => stopStream(unused.current), []);

  async function start() {
    setBusy(true);
    setProblem(null);
    const devices = await open();
    setBusy(false);
    if (devices.ok) {
      unused.current = devices.stream;
      setStream(devices.stream);
      return;
    }
    setProblem(devices.problem);
    onProblem(devices.problem);
  }

  function enter(checked: MediaStream) {
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
          <Button kind="primary" size="large" onClick={() => enter(stream)}>
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
