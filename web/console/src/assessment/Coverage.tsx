import { percent } from "../format";
import { Bar } from "../ui/Bar";
import styles from "./Coverage.module.css";
import { evidenceText } from "./text";

/** The share of the obtainable information that was measured. */
export function Coverage({ value }: { value: number }) {
  return (
    <div class={styles.coverage} title={evidenceText("assessment.coverageHint")}>
      <span>{evidenceText("assessment.coverage")}</span>
      <Bar share={value} />
      <span class={styles.value}>
        {percent(value)}
        <span class="hidden-visually"> ({evidenceText("assessment.coverageHint")})</span>
      </span>
    </div>
  );
}
