import type { Try } from "../../types";

/** What is asked of the camera, the most telling first: a probe may be cut short. */
const FORMATS = [
  { height: 480, frame_rate: 15 },
  { height: 720, frame_rate: 30 },
  { height: 240, frame_rate: 30 },
  { height: 480, frame_rate: 30 },
  { height: 240, frame_rate: 15 },
  { height: 720, frame_rate: 15 },
] as const;

/** No further format is asked for after this; the camera then goes back to what it was. */
const BUDGET_MS = 1600;
/** A camera that does not answer for so long is left alone. */
const PATIENCE_MS = 700;

/** Constraint probing of one camera track. It changes the preview for a moment and leaves it as it was. */
export class CameraProbe {
  readonly tries: Try[] = [];
  /** Comes true once the camera is as it was before. */
  readonly done: Promise<void>;
  #isStopped = false;

  constructor(track: MediaStreamTrack, now = () => performance.now(), patience = patienceOnClock) {
    this.done = this.#probe(track, now, patience);
  }

  /** Ask for nothing more, and come back when the camera is as it was. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.done;
  }

  async #probe(track: MediaStreamTrack, now: () => number, patience: Patience): Promise<void> {
    const before = track.getConstraints();
    const start = now();
    for (const format of FORMATS) {
      if (this.#isStopped || now() - start > BUDGET_MS) break;
      const one = await attempt(track, format, now, patience);
      this.tries.push(one);
      if (one.error === TIMED_OUT) break;
    }
    if (this.tries.length > 0) await answered(track.applyConstraints(before), patience);
  }
}

const TIMED_OUT = "Timeout";
type Patience = (ms: number) => { over: Promise<string>; cancel: () => void };

async function attempt(
  track: MediaStreamTrack,
  { height, frame_rate }: (typeof FORMATS)[number],
  now: () => number,
  patience: Patience,
): Promise<Try> {
  const start = now();
  const wanted = { height: { exact: height }, frameRate: { exact: frame_rate } };
  const error = await answered(track.applyConstraints(wanted), patience);
  const got = track.getSettings();
  return {
    height,
    frame_rate,
    got_height: got.height ?? null,
    got_frame_rate: got.frameRate ?? null,
    took_ms: Math.round((now() - start) * 10) / 10,
    error,
  };
}

/** "" once the camera has taken it, else the name of the error. */
async function answered(asked: Promise<void>, patience: Patience): Promise<string> {
  const { over, cancel } = patience(PATIENCE_MS);
  const answer = asked.then(
    () => "",
    (error: Error) => error.name.slice(0, 200) || "Error",
  );
  const first = await Promise.race([answer, over]);
  cancel();
  return first;
}

function patienceOnClock(ms: number) {
  let timer = 0;
  const over = new Promise<string>((resolve) => {
    timer = window.setTimeout(() => resolve(TIMED_OUT), ms);
  });
  return { over, cancel: () => clearTimeout(timer) };
}
