import type { Reading } from "../types";
import styles from "./DeviationList.module.css";
import { behaviourText, deviationsOf, listed, questionInWords } from "./deviations";

/** One answer beside the own neutral ones: what chance does as well, and which habits it left. In no colour of guilt. */
export function DeviationList({ reading }: { reading: Reading }) {
  const deviations = deviationsOf(reading);
  const title = behaviourText("behaviour.title");
  return (
    <div class={styles.answer}>
      {questionInWords(reading).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {deviations.length === 0 ? (
        <p>{behaviourText("behaviour.none")}</p>
      ) : (
        <>
          <p aria-hidden="true">{title}</p>
          <ul class={styles.deviations} aria-label={title}>
            {deviations.map((deviation) => (
              <li key={deviation.key}>{listed(deviation)}</li>
            ))}
          </ul>
        </>
      )}
      <p class={styles.hint}>{behaviourText("behaviour.hint")}</p>
    </div>
  );
}
