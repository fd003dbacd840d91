import { percent } from "../format";
import type { FamilyShare } from "../types";
import { Bar } from "../ui/Bar";
import styles from "./Families.module.css";
import { evidenceText, familyName } from "./text";

export interface FamiliesProps {
  /** The most probable of the kinds that the evidence made more probable; `none` where it did so with none. */
  family: string;
  /** The most probable first; empty in assessments from before they were told. */
  families: readonly FamilyShare[];
}

/**
 * The kind of fraud that the evidence points to, and how probable every kind is given that it is fraud. The two need not agree:
 * where another kind is so much more frequent, that one stays the most probable.
 */
export function Families({ family, families }: FamiliesProps) {
  const share = families.find((one) => one.family === family)?.share;
  const [top] = families;
  if (family === "none") return null;
  const values = { family: familyName(family), share: percent(share ?? 0) };
  if (share === undefined || !top) return <p>{evidenceText("assessment.family", values)}</p>;
  const other = { ...values, top: familyName(top.family), topShare: percent(top.share) };
  return (
    <details class={styles.families}>
      <summary>
        {share < top.share
          ? evidenceText("assessment.familyPoints", other)
          : evidenceText("assessment.familyShare", values)}
      </summary>
      <p class={styles.hint}>{evidenceText("assessment.families")}</p>
      <ul>
        {families.map((one) => (
          <li key={one.family}>
            <span>{familyName(one.family)}</span>
            <Bar share={one.share} />
            <span class={styles.value}>{percent(one.share)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
