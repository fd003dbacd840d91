import { useEffect, useState } from "preact/hooks";

export type Later = (ms: number, then: () => void) => () => void;

export interface Reel {
  index: number;
  playing: boolean;
  speed: number;
  go: (index: number) => void;
  step: (by: number) => void;
  toggle: () => void;
  setSpeed: (speed: number) => void;
}

/** The last picture is looked at for so long before it begins again. */
const REST_S = 0.4;

/** Pictures that follow each other as they did in the recording, slowed down, over and over. Begins still, at `first`. */
export function useReel(times: readonly number[], first: number, later: Later): Reel {
  const [index, setIndex] = useState(first);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(0.25);
  const count = times.length;

  useEffect(() => {
    if (!playing) return undefined;
    const [now, next] = [times[index] ?? 0, times[index + 1]];
    const seconds = next === undefined ? REST_S : Math.max(next - now, 0.01) / speed;
    return later(seconds * 1000, () => setIndex((index + 1) % count));
  }, [playing, index, speed, times]);

  function go(to: number) {
    setPlaying(false);
    setIndex(Math.min(count - 1, Math.max(0, to)));
  }

  return {
    index,
    playing,
    speed,
    go,
    step: (by) => go(index + by),
    toggle: () => setPlaying(!playing),
    setSpeed,
  };
}
