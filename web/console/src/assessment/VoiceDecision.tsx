import { signedDecibans } from "../format";
import type { VoiceDecision as Decision } from "../types";
import { evidenceText } from "./text";
import styles from "./VoiceDecision.module.css";

/** The voice alone, as one figure: own and live against another person's or a machine's. */
export function VoiceDecision({ voice }: { voice: Decision | null }) {
  if (!voice) return null;
  return (
    <dl class={styles.voice}>
      <dt>{evidenceText("voice.title")}</dt>
      <dd class={styles.value}>{inDecibans(voice.llr)}</dd>
      <dt class={styles.part}>{evidenceText("voice.impostor")}</dt>
      <dd class={styles.part}>{inDecibans(voice.impostor)}</dd>
      <dt class={styles.part}>{evidenceText("voice.spoof")}</dt>
      <dd class={styles.part}>{inDecibans(voice.spoof)}</dd>
      <dd class={styles.hint}>{evidenceText("voice.hint")}</dd>
    </dl>
  );
}

const inDecibans = (nats: number | null): string =>
  nats === null ? evidenceText("voice.unmeasured") : `${signedDecibans(nats)} dB`;
