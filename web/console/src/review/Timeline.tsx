import { useEffect, useMemo, useRef } from "preact/hooks";
import { CueList } from "../assessment/CueList";
import { cuesInWords, cuesOf, namesCues } from "../assessment/cues";
import { DeviationList } from "../assessment/DeviationList";
import { isOfQuestion } from "../assessment/deviations";
import { reasonText, signalName } from "../assessment/text";
import { clock } from "../format";
import { AnswerRow } from "../movements/AnswerRow";
import { Markers } from "../movements/Markers";
import { type Answers, MOVEMENT_KIND, type Movement } from "../movements/movements";
import { movementText } from "../movements/text";
import type { Reading } from "../types";
import { drawLanes, LANE_PX } from "./drawLanes";
import { keyAction } from "./keys";
import { heightIn, type Lane, neighbour, readingAt } from "./lanes";
import { usePalette } from "./palette";
import styles from "./Timeline.module.css";
import { reviewText } from "./text";
import { useWidth } from "./useWidth";

export interface TimelineProps {
  lanes: Lane[];
  /** Length of the interview in seconds. */
  duration: number;
  t: number;
  selected: string | null;
  onSelect: (kind: string) => void;
  onSeek: (t: number) => void;
  onToggle: () => void;
  /** Movements of the face, marked on their signal's lane, and the answers that they may have fallen in. */
  movements?: readonly Movement[];
  answers?: Answers;
  onMovement?: (movement: Movement) => void;
}

const NONE: never[] = [];

/** A lane per signal over the whole interview. A slider to a screen reader: it says where the playhead stands. */
export function Timeline(props: TimelineProps) {
  const { lanes, duration, t, selected, onSelect, onSeek } = props;
  const { movements = NONE, answers } = props;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(frame);
  const palette = usePalette();
  const lane = useMemo(() => lanes.find((one) => one.kind === selected) ?? lanes[0], [lanes, selected]);
  const reading = lane ? readingAt(lane, t) : null;

  useEffect(() => {
    const context = prepare(canvas.current, width, lanes.length * LANE_PX);
    const colours = {
      measured: palette.accent,
      abstained: palette["line-strong"],
      line: palette.line,
      selected: palette["accent-soft"],
    };
    if (context) drawLanes(context, lanes, { width, duration, selected: lane?.kind ?? null }, colours);
  }, [lanes, width, duration, lane, palette]);

  function point(event: PointerEvent) {
    if (event.type === "pointermove" && event.buttons !== 1) return;
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top) / LANE_PX);
    if (event.type === "pointerdown" && lanes[row]) onSelect(lanes[row].kind);
    onSeek(within((event.clientX - box.left) / box.width) * duration);
  }

  function press(event: KeyboardEvent) {
    const action = keyAction(event, true);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    if (action.do === "toggle") props.onToggle();
    if (action.do === "skip") onSeek(Math.min(duration, Math.max(0, t + action.seconds)));
    if (action.do === "lane") onSelect(laneBeside(lanes, lane, action.by));
    if (action.do === "reading" && lane) onSeek(neighbour(lane, t, action.direction) ?? t);
  }

  return (
    <section class={styles.timeline}>
      {answers && answers.length > 0 && <AnswerRow answers={answers} duration={duration} onSeek={onSeek} />}
      <ul class={styles.labels}>
        {lanes.map((one) => (
          <li key={one.kind}>
            <button
              type="button"
              aria-pressed={one === lane}
              onClick={() => onSelect(one.kind)}
              title={signalName(one.kind)}
            >
              <span>{signalName(one.kind)}</span>
            </button>
          </li>
        ))}
      </ul>
      <div class={styles.field}>
        <div
          ref={frame}
          class={styles.lanes}
          style={{ height: `${lanes.length * LANE_PX}px` }}
          role="slider"
          tabIndex={0}
          aria-label={reviewText("review.timeline")}
          aria-valuemin={0}
          aria-valuemax={Math.round(duration)}
          aria-valuenow={Math.round(t)}
          aria-valuetext={`${clock(t)}. ${lane ? spoken(lane, reading) : ""}`}
          onPointerDown={point}
          onPointerMove={point}
          onKeyDown={press}
        >
          <canvas ref={canvas} class={styles.canvas} />
          <span class={styles.head} style={{ left: `${within(t / duration) * 100}%` }} />
        </div>
        <Marked {...props} />
      </div>
      <p class={styles.readout}>{lane ? describe(lane, reading) : reviewText("review.noReadings")}</p>
      {reading && namesCues(reading) && (
        <div class={styles.cues}>
          <CueList cues={cuesOf(reading)} />
        </div>
      )}
      {reading && isOfQuestion(reading) && (
        <div class={styles.cues}>
          <DeviationList reading={reading} />
        </div>
      )}
      <p class={styles.keys}>{reviewText("review.keys")}</p>
      {movements.length > 0 && <p class={styles.legend}>{movementText("movement.key")}</p>}
    </section>
  );
}

/** Movements over the lane of their signal. */
function Marked({ lanes, duration, movements = NONE, answers, onMovement }: TimelineProps) {
  const row = lanes.findIndex((one) => one.kind === MOVEMENT_KIND);
  const lane = lanes[row];
  if (!lane || !onMovement || movements.length === 0) return null;
  return (
    <div class={styles.marked} style={{ top: `${row * LANE_PX}px`, height: `${LANE_PX}px` }}>
      <Markers
        movements={movements}
        answers={answers}
        duration={duration}
        height={(strength) => heightIn(lane, strength)}
        onShow={onMovement}
      />
    </div>
  );
}

const within = (share: number) => Math.min(1, Math.max(0, share));

/** Size the canvas for the screen's pixels and hand out its context; null before it is laid out. */
function prepare(canvas: HTMLCanvasElement | null, width: number, height: number) {
  if (!canvas || width === 0) return null;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  context?.scale(ratio, ratio);
  return context;
}

function laneBeside(lanes: Lane[], lane: Lane | undefined, by: number): string {
  const at = lane ? lanes.indexOf(lane) : 0;
  return lanes[Math.min(lanes.length - 1, Math.max(0, at + by))]?.kind ?? "";
}

/** How many cues the slider speaks of each time that it moves; the list below has them all. */
const SPOKEN_CUES = 2;

/** One reading in words, with what it rests on most. */
function spoken(lane: Lane, reading: Reading | null): string {
  const cues = reading ? cuesInWords(cuesOf(reading).slice(0, SPOKEN_CUES)) : "";
  return [describe(lane, reading), cues].filter(Boolean).join(". ");
}

/** One reading in words. */
function describe(lane: Lane, reading: Reading | null): string {
  const signal = signalName(lane.kind);
  if (!reading) return `${signal}: ${reviewText("review.noReadingHere")}`;
  const where = reviewText("review.reading", {
    signal,
    start: clock(reading.start, true),
    end: clock(reading.end, true),
  });
  if (reading.score === null) return `${where}: ${reasonText(reading.reason ?? "")}`;
  const score = reading.score.toFixed(3).replace("-", "\u2212");
  return `${where}: ${reviewText("review.score", { score, quality: (reading.quality ?? 0).toFixed(2) })}`;
}
