import { logit, percent } from "../format";
import styles from "./Gauge.module.css";
import { evidenceText } from "./text";

const LOW = 0.0003;
const HIGH = 0.995;
const TICKS = [0.001, 0.01, 0.1, 0.5, 0.9, 0.99];

/** Where a probability lies on the gauge, 0..100; log-odds, so that 0.1 % and 1 % are as far apart as they are. */
export function place(p: number): number {
  const inside = Math.min(HIGH, Math.max(LOW, p));
  return ((logit(inside) - logit(LOW)) / (logit(HIGH) - logit(LOW))) * 100;
}

export interface GaugeProps {
  probability: number;
  interval: readonly [number, number];
  prior: number;
}

/** A probability with its interval and the base rate on one scale. Decorative: the numbers stand beside it. */
export function Gauge({ probability, interval, prior }: GaugeProps) {
  const [low, high] = interval.map(place) as [number, number];
  return (
    <div class={styles.gauge} aria-hidden="true">
      <div class={styles.track}>
        <span class={styles.interval} style={{ left: `${low}%`, width: `${Math.max(high - low, 0.6)}%` }} />
        <span
          class={styles.prior}
          style={{ left: `${place(prior)}%` }}
          title={evidenceText("assessment.prior", { p: percent(prior) })}
        />
        <span class={styles.point} style={{ left: `${place(probability)}%` }} />
      </div>
      <div class={styles.ticks}>
        {TICKS.map((tick) => (
          <span key={tick} style={{ left: `${place(tick)}%` }}>
            {tick * 100}%
          </span>
        ))}
      </div>
    </div>
  );
}
