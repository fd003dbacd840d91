import { useLayoutEffect, useRef } from "preact/hooks";
import type { CueShow } from "../../types";
import { fade } from "./fade";
import styles from "./Overlay.module.css";
import type { Screen } from "./screen";

/** The grey between question and first step, as bright as every colour. */
const REST = "#a0a0a0";

/** Most of the screen in one colour. A new one fades in from the next frame on, which is the frame that is reported. */
export function ColourField({ colour, screen }: { colour: string | null; screen: Pick<Screen, "frame"> }) {
  const field = useRef<HTMLDivElement>(null);
  const shown = useRef(REST);
  useLayoutEffect(() => {
    const next = colour ?? REST;
    const stop = fade(shown.current, next, screen, (css) => {
      if (field.current) field.current.style.backgroundColor = css;
    });
    shown.current = next;
    return stop;
  }, [colour, screen]);
  return <div ref={field} class={styles.colour} aria-hidden="true" />;
}

/** A large arrow towards which the head turns. Its left is the person's own left, as in a mirror. */
export function PoseField({ direction }: { direction: CueShow["direction"] }) {
  return (
    <div class={styles.stage}>
      <svg
        viewBox="0 0 100 100"
        class={styles.arrow}
        data-direction={direction ?? undefined}
        aria-hidden="true"
      >
        <circle cx="50" cy="50" r="46" />
        {direction && <path d="M50 78V24M28 46l22-22 22 22" />}
      </svg>
    </div>
  );
}

/** One digit, as large as the screen allows. */
export function DigitField({ digit }: { digit: string | null }) {
  return (
    <div class={styles.stage} aria-hidden="true">
      <span class={styles.digit}>{digit}</span>
    </div>
  );
}
