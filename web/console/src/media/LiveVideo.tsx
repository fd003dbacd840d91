import { useEffect, useRef } from "preact/hooks";
import styles from "./LiveVideo.module.css";
import { watchFrames } from "./stall";

export interface LiveVideoProps {
  stream: MediaStream | null;
  label: string;
  /** One's own picture: silent, and as in a mirror. */
  self?: boolean;
  fit?: "cover" | "contain";
  /** Told when a picture comes, and when it stops coming. */
  onPlaying?: (playing: boolean) => void;
  /** The browser wants a touch before it gives sound. */
  onSoundBlocked?: () => void;
  watch?: typeof watchFrames;
}

export function LiveVideo({
  stream,
  label,
  self = false,
  fit = "contain",
  watch = watchFrames,
  ...on
}: LiveVideoProps) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (!video) return;
    video.srcObject = stream;
    if (stream)
      void video
        .play()
        .catch((error: DOMException) => error.name === "NotAllowedError" && on.onSoundBlocked?.());
  }, [stream]);
  const latest = useRef(on.onPlaying);
  latest.current = on.onPlaying;
  const isWatched = on.onPlaying !== undefined;
  useEffect(() => {
    const video = element.current;
    return video && isWatched ? watch(video, (moving) => latest.current?.(moving)) : undefined;
  }, [isWatched, watch]);
  return (
    <video
      ref={element}
      class={self ? styles.self : styles.other}
      style={{ objectFit: fit }}
      aria-label={label}
      muted={self}
      autoplay
      playsInline
      onPlaying={() => on.onPlaying?.(true)}
      onEmptied={() => on.onPlaying?.(false)}
    />
  );
}
