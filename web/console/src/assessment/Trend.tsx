import { clock, logit, percent } from "../format";
import type { Assessment } from "../types";
import styles from "./Trend.module.css";
import { evidenceText } from "./text";

const WIDTH = 360;
const HEIGHT = 40;
const EDGE = 1e-4;
/** Log-odds left free above and below, so that a level line does not lie on the frame. */
const MARGIN = 0.5;

/** Points of a line over the whole width; log-odds, drawn between the extremes of what is shown. */
export function trendPoints(assessments: readonly Assessment[]): string {
  const odds = assessments.map((one) => logit(Math.min(1 - EDGE, Math.max(EDGE, one.probability))));
  const [first, last] = [assessments[0]?.t ?? 0, assessments.at(-1)?.t ?? 0];
  const [low, high] = [Math.min(...odds, logit(0.005)) - MARGIN, Math.max(...odds, logit(0.2)) + MARGIN];
  return assessments
    .map((one, index) => {
      const x = ((one.t - first) / Math.max(last - first, 1)) * WIDTH;
      const y = HEIGHT - 3 - (((odds[index] ?? low) - low) / (high - low)) * (HEIGHT - 6);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}

/** The way the probability came, at a glance. Decorative: the number now stands above it. */
export function Trend({ assessments }: { assessments: readonly Assessment[] }) {
  const [first, last] = [assessments[0], assessments.at(-1)];
  if (!first || !last || assessments.length < 3) return null;
  return (
    <figure class={styles.trend}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <polyline points={trendPoints(assessments)} />
      </svg>
      <figcaption>
        <span>{evidenceText("assessment.from", { t: clock(first.t), p: percent(first.probability) })}</span>
        <span>{evidenceText("assessment.to", { t: clock(last.t), p: percent(last.probability) })}</span>
      </figcaption>
    </figure>
  );
}
