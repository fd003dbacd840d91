import { useState } from "preact/hooks";
import styles from "./Markers.module.css";
import { type Answers, answerAt, type Movement } from "./movements";
import { movementText, spokenMovement } from "./text";

export interface MarkersProps {
  movements: readonly Movement[];
  answers: Answers;
  duration: number;
  /** Height of a movement's strength within the lane, 0..1. */
  height: (strength: number) => number;
  onShow: (movement: Movement) => void;
}

/** Movements on their lane of the timeline: one stop for the keyboard, arrows go from one to the next, Enter shows it again. */
export function Markers({ movements, answers, duration, height, onShow }: MarkersProps) {
  const [current, setCurrent] = useState(0);
  const stop = Math.min(current, movements.length - 1);

  function press(event: KeyboardEvent) {
    const to = { ArrowRight: stop + 1, ArrowLeft: stop - 1, Home: 0, End: movements.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = Math.min(movements.length - 1, Math.max(0, to));
    setCurrent(next);
    const row = event.currentTarget as HTMLElement;
    row.querySelectorAll<HTMLElement>("button")[next]?.focus();
  }

  return (
    <div
      class={styles.markers}
      role="toolbar"
      aria-label={movementText("movement.markers")}
      onKeyDown={press}
    >
      {movements.map((one, at) => (
        <button
          key={one.seq}
          type="button"
          class={styles.marker}
          data-shape={shapeOf(one)}
          tabIndex={at === stop ? 0 : -1}
          style={{
            left: `${(100 * one.onset) / duration}%`,
            top: `${(1 - height(one.strength)) * 100}%`,
          }}
          aria-label={spokenMovement(one, answerAt(answers, one.onset))}
          title={spokenMovement(one, answerAt(answers, one.onset))}
          onFocus={() => setCurrent(at)}
          onClick={() => onShow(one)}
        />
      ))}
    </div>
  );
}

/** Brief ones of the upper face are told apart: speech moves the lower face all the time. */
const shapeOf = ({ isBrief, isUpper }: Movement): "upper" | "lower" | "longer" => {
  if (!isBrief) return "longer";
  return isUpper ? "upper" : "lower";
};
