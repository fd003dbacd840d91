import type { AbsentSignal, CodedReason } from "../types";
import styles from "./Abstentions.module.css";
import { adviceFor, evidenceText, reasonText, signalName } from "./text";

export interface AbstentionsProps {
  absent: readonly AbsentSignal[];
  codes: readonly CodedReason[];
  /** Say what can be asked for. */
  advise: boolean;
  /** The analysis itself leaves out frames: that there are too few is then nothing that the applicant could change. */
  thinned?: boolean | undefined;
}

/** What could not be measured, why, and what the officer can ask for. It moved the probability by exactly 0. */
export function Abstentions({ absent, codes, advise, thinned = false }: AbstentionsProps) {
  const code = new Map(codes.map((one) => [one.kind, one.code]));
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
              {code.has(one.kind) && <span class={styles.code}>{code.get(one.kind)}</span>}
              {one.statistic !== null && (
                <span class={styles.statistic}>
                  {evidenceText("assessment.statistic", {
                    value: one.statistic.toFixed(2).replace("-", "\u2212"),
                  })}
                </span>
              )}
              {advise && <em>{adviceFor(one.reason, thinned)}</em>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
