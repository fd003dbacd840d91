import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sessionUrl } from "../api";
import type { Evidence, SessionDetail } from "../types";
import { Banner } from "../ui/Banner";
import styles from "./Player.module.css";
import { reviewText } from "./text";

export interface PlayerProps {
  detail: SessionDetail;
  video: RefObject<HTMLVideoElement | null>;
  /** Where a detector looked, drawn over the picture. */
  evidence: Evidence | null;
  onTime: (t: number) => void;
}

const RATES = [0.5, 1, 1.5, 2];
/** Both sides run on one clock; a drift beyond this is corrected. */
const DRIFT_S = 0.25;

/** The applicant's recording, with the customer manager's side in step beside it. */
export function Player({ detail, video, evidence, onTime }: PlayerProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const [ratio, setRatio] = useState(4 / 3);
  const [rate, setRate] = useState(1);
  const [isLarge, setLarge] = useState(false);
  useEveryFrame(video, onTime);
  useEffect(() => {
    if (video.current) video.current.playbackRate = rate;
  }, [rate, video]);

  if (!detail.has_recording) return <Banner tone="info">{reviewText("review.noRecording")}</Banner>;
  return (
    <div class={styles.player}>
      {problem !== null && (
        <Banner tone="danger">{reviewText("review.playerFailed", { why: problem })}</Banner>
      )}
      <div class={styles.row}>
        <div class={styles.stage}>
          <div class={styles.picture} style={{ aspectRatio: String(ratio) }}>
            {/* biome-ignore lint/a11y/useMediaCaption: an interview is recorded without captions. */}
            <video
              ref={video}
              src={sessionUrl(detail.id, "recording")}
              aria-label={reviewText("review.recording")}
              controls
              playsInline
              preload="metadata"
              onLoadedMetadata={({ currentTarget: { videoWidth, videoHeight } }) =>
                videoHeight > 0 && setRatio(videoWidth / videoHeight)
              }
              onError={(event) => setProblem(event.currentTarget.error?.message ?? "")}
            />
            {evidence?.box && <Box box={evidence.box} />}
          </div>
        </div>
        {detail.has_officer_recording && (
          <div class={isLarge ? styles.officerLarge : styles.officer}>
            <Follower id={detail.id} leader={video} onToggleSize={() => setLarge(!isLarge)} />
          </div>
        )}
      </div>
      <label class={styles.speed}>
        {reviewText("review.speed")}
        <select value={rate} onChange={(event) => setRate(Number(event.currentTarget.value))}>
          {RATES.map((one) => (
            <option key={one} value={one}>
              {one}×
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function Box({ box }: { box: [number, number, number, number] }) {
  const [left, top, width, height] = box.map((share) => `${share * 100}%`);
  return <span class={styles.box} style={{ left, top, width, height }} aria-hidden="true" />;
}

/** The other side's recording, which plays, pauses and jumps with the first. */
function Follower({
  id,
  leader,
  onToggleSize,
}: {
  id: string;
  leader: RefObject<HTMLVideoElement | null>;
  onToggleSize: () => void;
}) {
  const own = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const [first, second] = [leader.current, own.current];
    if (!first || !second) return undefined;
    const keepStep = () => follow(first, second);
    const moments = ["play", "pause", "seeking", "ratechange", "timeupdate"];
    for (const moment of moments) first.addEventListener(moment, keepStep);
    return () => {
      for (const moment of moments) first.removeEventListener(moment, keepStep);
    };
  }, [leader]);
  return (
    <button
      type="button"
      class={styles.follower}
      onClick={onToggleSize}
      aria-label={reviewText("review.officerRecording")}
      title={reviewText("review.officerRecording")}
    >
      {/* biome-ignore lint/a11y/useMediaCaption: an interview is recorded without captions. */}
      <video ref={own} src={sessionUrl(id, "officer-recording")} playsInline preload="metadata" />
    </button>
  );
}

function follow(first: HTMLVideoElement, second: HTMLVideoElement) {
  second.playbackRate = first.playbackRate;
  if (Math.abs(second.currentTime - first.currentTime) > DRIFT_S) second.currentTime = first.currentTime;
  if (first.paused) second.pause();
  // A side that has ended, or has not begun, refuses to play; the applicant's goes on alone.
  else if (second.paused && !second.ended) void second.play().catch(() => undefined);
}

/** Say where the playback stands, on every picture while it plays and once after every jump. */
function useEveryFrame(video: RefObject<HTMLVideoElement | null>, onTime: (t: number) => void) {
  const latest = useRef(onTime);
  latest.current = onTime;
  useEffect(() => {
    const element = video.current;
    if (!element) return undefined;
    let frame = 0;
    const tell = () => latest.current(element.currentTime);
    const tick = () => {
      tell();
      frame = element.paused ? 0 : requestAnimationFrame(tick);
    };
    const start = () => {
      cancelAnimationFrame(frame);
      tick();
    };
    element.addEventListener("play", start);
    element.addEventListener("seeked", tell);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener("play", start);
      element.removeEventListener("seeked", tell);
    };
  }, [video]);
}
