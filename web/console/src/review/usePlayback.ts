import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { isTyping, type KeyAction, keyAction } from "./keys";
import { type Lane, neighbour } from "./lanes";

export interface Playback {
  video: RefObject<HTMLVideoElement | null>;
  /** Where the playhead stands; null until something was played or chosen. */
  t: number | null;
  setT: (t: number) => void;
  seek: (t: number) => void;
  toggle: () => void;
}

/** The playhead of a review: moved by the player, by a click, and by keys anywhere on the page. */
export function usePlayback(duration: number, lane: Lane | undefined): Playback {
  const video = useRef<HTMLVideoElement>(null);
  const [t, setT] = useState<number | null>(null);
  const head = t ?? 0;

  function seek(to: number) {
    const inside = Math.min(duration, Math.max(0, to));
    setT(inside);
    if (video.current) video.current.currentTime = inside;
  }

  function toggle() {
    const element = video.current;
    // A recording that cannot play has said so in the player already.
    if (element?.paused) void element.play().catch(() => undefined);
    else element?.pause();
  }

  function perform(action: KeyAction) {
    if (action.do === "toggle") toggle();
    if (action.do === "skip") seek(head + action.seconds);
    if (action.do === "reading" && lane) seek(neighbour(lane, head, action.direction) ?? head);
  }

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const action = isTyping(event.target) ? null : keyAction(event, false);
      if (action) perform(action);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });

  return { video, t, setT, seek, toggle };
}
