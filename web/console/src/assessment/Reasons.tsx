import { signedDecibans } from "../format";
import type { Assessment } from "../types";
import styles from "./Reasons.module.css";
import { shiftsOf } from "./shifts";
import { codeText } from "./taxonomy";
import { evidenceText, signalName } from "./text";

export interface ReasonsProps {
  assessment: Assessment;
  /** Shown at once; otherwise behind its title. */
  open: boolean;
}

/** What moved the probability as sentences with stable codes: what speaks for fraud first, strongest first. */
export function Reasons({ assessment, open }: ReasonsProps) {
  const shown = shiftsOf(assessment);
  const measured = assessment.codes.filter((one) => one.contribution !== 0);
  if (measured.length === 0) return null;
  return (
    <details class={styles.reasons} open={open}>
      <summary>
        {evidenceText("reasons.title")}
        <span class={styles.count}>{measured.length}</span>
      </summary>
      <ol>
        {measured.map((one) => (
          <li key={one.kind}>
            <span class={styles.code}>{one.code}</span>
            <span>{codeText(one.code) || signalName(one.kind)}</span>
            <span class={styles.value}>{shown.get(one.kind) ?? signedDecibans(one.contribution)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
