import { laterOnClock } from "../../stream";

/** What a challenge needs of the screen. Times are milliseconds since `timeOrigin`, itself since the Unix epoch. */
export interface Screen {
  timeOrigin: number;
  now(): number;
  isVisible(): boolean;
  /** CSS pixels of the page. */
  size(): { width: number; height: number };
  prefersReducedMotion(): boolean;
  /** Call with the time of the next frame, before it is painted; returns the function that takes it back. */
  frame(then: (at: number) => void): () => void;
  wait(ms: number, then: () => void): () => void;
}

/** This browser's screen. */
export function browserScreen(): Screen {
  return {
    timeOrigin: performance.timeOrigin,
    now: () => performance.now(),
    isVisible: () => document.visibilityState === "visible",
    size: () => ({ width: window.innerWidth, height: window.innerHeight }),
    prefersReducedMotion: () => matchMedia("(prefers-reduced-motion: reduce)").matches,
    frame: (then) => {
      const handle = requestAnimationFrame(then);
      return () => cancelAnimationFrame(handle);
    },
    wait: laterOnClock,
  };
}
