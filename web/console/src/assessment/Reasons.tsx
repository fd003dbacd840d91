import { signedDecibans } from "../format";
import type { CodedReason } from "../types";
import styles from "./Reasons.module.css";
import { codeText } from "./taxonomy";
import { evidenceText, signalName } from "./text";

export interface ReasonsProps {
  codes: readonly CodedReason[];
  /** Shown at once; otherwise behind its title. */
  open: boolean;
}

/** What moved the probability as sentences with stable codes: what speaks for fraud first, strongest first. */
export function Reasons({ codes, open }: ReasonsProps) {
  const measured = codes.filter((one) => one.contribution !== 0);
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
            <span class={styles.value}>{signedDecibans(one.contribution)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
