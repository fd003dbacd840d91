import { percent } from "../format";
import type { FamilyShare } from "../types";
import { Bar } from "../ui/Bar";
import styles from "./Families.module.css";
import { evidenceText, familyName } from "./text";

export interface FamiliesProps {
  /** The most probable kind that the evidence points to; `none` where it points to none. */
  family: string;
  /** The most probable first; empty in assessments from before they were told. */
  families: readonly FamilyShare[];
}

/** The most probable kind of fraud, and how probable every kind is given that it is fraud. */
export function Families({ family, families }: FamiliesProps) {
  const share = families.find((one) => one.family === family)?.share;
  if (family === "none") return null;
  const values = { family: familyName(family), share: percent(share ?? 0) };
  if (share === undefined) return <p>{evidenceText("assessment.family", values)}</p>;
  return (
    <details class={styles.families}>
      <summary>{evidenceText("assessment.familyShare", values)}</summary>
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
