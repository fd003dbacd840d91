import type { Screen } from "../join/challenge/screen";

/** A screen whose frames and clock a test drives. The page's time origin is the Unix time 1 700 000 000 s. */
export class FakeScreen implements Screen {
  readonly timeOrigin = 1_700_000_000_000;
  time = 0;
  visible = true;
  reducedMotion = false;
  readonly waits: { ms: number; then: () => void }[] = [];
  #frames: ((at: number) => void)[] = [];

  now = () => this.time;
  isVisible = () => this.visible;
  size = () => ({ width: 360, height: 640 });
  prefersReducedMotion = () => this.reducedMotion;

  frame = (then: (at: number) => void) => {
    this.#frames.push(then);
    return () => {
      this.#frames = this.#frames.filter((one) => one !== then);
    };
  };

  wait = (ms: number, then: () => void) => {
    const entry = { ms, then };
    this.waits.push(entry);
    return () => {
      const at = this.waits.indexOf(entry);
      if (at >= 0) this.waits.splice(at, 1);
    };
  };

  /** Paint frames at these times. */
  frames(...times: number[]): void {
    for (const at of times) {
      this.time = at;
      const due = this.#frames;
      this.#frames = [];
      for (const then of due) then(at);
    }
  }

  /** What waits for so many milliseconds comes due. */
  pass(ms: number): void {
    for (const entry of this.waits.filter((one) => one.ms === ms)) {
      this.waits.splice(this.waits.indexOf(entry), 1);
      entry.then();
    }
  }
}
