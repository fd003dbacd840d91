import type { AbsentSignal } from "../types";
import styles from "./Abstentions.module.css";
import { adviceFor, evidenceText, reasonText, signalName } from "./text";

/** What could not be measured, why, and what the officer can ask for. It moved the probability by exactly 0. */
export function Abstentions({ absent, advise }: { absent: AbsentSignal[]; advise: boolean }) {
  return (
    <section class={styles.section}>
      <h3>
        {evidenceText("assessment.absent")}
        <span class={styles.count}>{absent.length > 0 && absent.length}</span>
      </h3>
      {absent.length === 0 && <p class={styles.none}>{evidenceText("assessment.allMeasured")}</p>}
      <ul>
        {absent.map((one) => (
          <li key={one.kind}>
            <span>{signalName(one.kind)}</span>
            <span class={styles.reason} title={one.detail || undefined}>
              {reasonText(one.reason)}
              {one.statistic !== null && (
                <span class={styles.statistic}>
                  {evidenceText("assessment.statistic", {
                    value: one.statistic.toFixed(2).replace("-", "\u2212"),
                  })}
                </span>
              )}
              {advise && <em>{adviceFor(one.reason)}</em>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
