import { signed } from "../format";
import styles from "./CueList.module.css";
import type { Cue } from "./cues";
import { evidenceText } from "./text";

/** What a detector saw, each with its signed points; says what the points are, and so where there is nothing to list. */
export function CueList({ cues }: { cues: readonly Cue[] }) {
  if (cues.length === 0) return <p class={styles.title}>{evidenceText("cues.none")}</p>;
  const title = evidenceText("cues.title");
  return (
    <>
      <p class={styles.title} aria-hidden="true">
        {title}
      </p>
      <ul class={styles.cues} aria-label={title}>
        {cues.map(({ key, name, points }) => (
          <li key={key}>
            {name} <span class={points > 0 ? styles.towards : styles.against}>{signed(points)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
