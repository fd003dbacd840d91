/** A picture that has not changed for this long is no picture. */
const STALL_LOOKS = 3;

/** Decides from a growing count of frames, looked at once a second, whether a video is moving. */
export function stallWatch(onChange: (moving: boolean) => void): (frames: number) => void {
  let [last, still, moving] = [0, 0, false];
  return (frames) => {
    still = frames > last ? 0 : still + 1;
    last = frames;
    const now = frames > 0 && still < STALL_LOOKS;
    if (now === moving) return;
    moving = now;
    onChange(moving);
  };
}

/** Watch a video element; returns the function that stops watching. */
export function watchFrames(video: HTMLVideoElement, onChange: (moving: boolean) => void): () => void {
  const look = stallWatch(onChange);
  const timer = setInterval(() => look(video.getVideoPlaybackQuality().totalVideoFrames), 1000);
  return () => clearInterval(timer);
}
