import { useEffect, useRef } from "preact/hooks";
import { laterOnClock } from "../stream";
import type { MovementReplay } from "../types";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import styles from "./Reel.module.css";
import { movementText } from "./text";
import { type Later, useReel } from "./useReel";

export interface ReelProps {
  replay: MovementReplay;
  later?: Later;
}

const SPEEDS = [0.25, 0.5, 1];
const SPEED_NAMES: Record<number, string> = { 0.25: "1/4", 0.5: "1/2", 1: "1" };
const PHASES = ["before", "onset", "rising", "apex", "falling", "offset", "after"] as const;
const MARKS = ["onset", "apex", "offset"] as const;

/** A movement picture by picture: as seen and magnified beside each other, with onset, apex and offset on a slider. */
export function Reel({ replay, later = laterOnClock }: ReelProps) {
  const reel = useReel(replay.times, replay.onset, later);
  const slider = useRef<HTMLInputElement>(null);
  const said = spoken(replay, reel.index);

  useEffect(() => slider.current?.focus(), []);
  useEffect(() => {
    const press = (event: KeyboardEvent) => onKey(event, reel);
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });

  return (
    <div class={styles.reel}>
      <div class={styles.pictures}>
        <Picture replay={replay} tile={reel.index} caption={movementText("replay.seen")} />
        <Picture
          replay={replay}
          tile={rowsOf(replay) * replay.columns + reel.index}
          caption={movementText("replay.magnified", { factor: replay.factor })}
        />
      </div>
      <div class={styles.slider}>
        <input
          ref={slider}
          type="range"
          min={0}
          max={replay.times.length - 1}
          value={reel.index}
          aria-label={movementText("replay.slider")}
          aria-valuetext={said}
          onInput={(event) => reel.go(Number(event.currentTarget.value))}
        />
        <Marks replay={replay} onGo={reel.go} />
      </div>
      <p class={styles.readout} aria-live={reel.playing ? "off" : "polite"}>
        {said}
      </p>
      <Controls reel={reel} />
    </div>
  );
}

/** Keys for the pictures; a control that has the focus keeps its own. */
function onKey(event: KeyboardEvent, reel: ReturnType<typeof useReel>) {
  const { target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by && !isOne(target, "input, select")) reel.step(by);
  else if (event.key === " " && !isOne(target, "button, select")) reel.toggle();
  else return;
  event.preventDefault();
}

const isOne = (target: EventTarget | null, selector: string): boolean =>
  target instanceof HTMLElement && target.matches(selector);

function Controls({ reel }: { reel: ReturnType<typeof useReel> }) {
  return (
    <div class={styles.controls}>
      <Button kind="quiet" onClick={() => reel.step(-1)} label={movementText("replay.previous")}>
        <Icon name="back" />
      </Button>
      <Button onClick={reel.toggle}>
        <Icon name={reel.playing ? "pause" : "play"} />
        {movementText(reel.playing ? "replay.pause" : "replay.play")}
      </Button>
      <Button kind="quiet" onClick={() => reel.step(1)} label={movementText("replay.next")}>
        <Icon name="forth" />
      </Button>
      <label class={styles.speed}>
        {movementText("replay.speed")}
        <select
          value={String(reel.speed)}
          onChange={(event) => reel.setSpeed(Number(event.currentTarget.value))}
        >
          {SPEEDS.map((one) => (
            <option key={one} value={String(one)}>
              {SPEED_NAMES[one]}×
            </option>
          ))}
        </select>
      </label>
      <span class={styles.keys}>{movementText("replay.keys")}</span>
    </div>
  );
}

/** One picture of the sheet: `tile` counts them in rows. */
function Picture({ replay, tile, caption }: { replay: MovementReplay; tile: number; caption: string }) {
  const { columns } = replay;
  const rows = 2 * rowsOf(replay);
  const style = {
    backgroundImage: `url("${replay.image}")`,
    backgroundSize: `${columns * 100}% ${rows * 100}%`,
    backgroundPosition: `${share(tile % columns, columns)}% ${share(Math.floor(tile / columns), rows)}%`,
  };
  return (
    <figure>
      <div class={styles.picture} role="img" aria-label={caption} style={style} />
      <figcaption>{caption}</figcaption>
    </figure>
  );
}

/** Onset, apex and offset below the slider; each leads to its picture. */
function Marks({ replay, onGo }: { replay: MovementReplay; onGo: (index: number) => void }) {
  const last = Math.max(replay.times.length - 1, 1);
  return (
    <ul class={styles.marks}>
      {MARKS.map((mark) => (
        <li key={mark} style={{ left: `${(100 * replay[mark]) / last}%` }} data-mark={mark}>
          <button type="button" onClick={() => onGo(replay[mark])}>
            {movementText(`phase.${mark}`)}
          </button>
        </li>
      ))}
    </ul>
  );
}

const rowsOf = ({ times, columns }: MovementReplay): number => Math.ceil(times.length / columns);

const share = (at: number, of: number): number => (of > 1 ? (100 * at) / (of - 1) : 0);

/** Which part of the movement a picture is of. */
function phaseAt({ onset, apex, offset }: MovementReplay, index: number): (typeof PHASES)[number] {
  if (index < onset) return "before";
  if (index === onset) return "onset";
  if (index < apex) return "rising";
  if (index === apex) return "apex";
  if (index < offset) return "falling";
  return index === offset ? "offset" : "after";
}

function spoken(replay: MovementReplay, index: number): string {
  return movementText("replay.picture", {
    t: (replay.times[index] ?? 0).toFixed(2),
    n: index + 1,
    count: replay.times.length,
    phase: movementText(`phase.${phaseAt(replay, index)}`),
  });
}
