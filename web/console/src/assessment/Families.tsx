import { percent } from "../format";
import type { FamilyShare } from "../types";
import { Bar } from "../ui/Bar";
import styles from "./Families.module.css";
import { evidenceText, familyName } from "./text";

export interface FamiliesProps {
  /** The most probable of the kinds that the evidence made more probable; `none` where there is none. */
  family: string;
  /** The most probable first; empty in assessments from before they were told. */
  families: readonly FamilyShare[];
}

/** The kind of fraud that the evidence points to, which a kind that is more common can still outweigh, and how probable each is given fraud. */
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
