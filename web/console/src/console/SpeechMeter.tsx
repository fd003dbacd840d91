import { adviceFor, reasonText } from "../assessment/text";
import type { SpeechHeard } from "../types";
import styles from "./SpeechMeter.module.css";
import { text } from "./text";

/** How much of the applicant's speech a comparison could use so far, how good it is, and what is wrong with it. */
export function SpeechMeter({ heard }: { heard: SpeechHeard }) {
  const { usable_s, waiting_s, verify_s, enrol_s } = heard;
  const shown = Math.min(usable_s, enrol_s);
  const share = (s: number) => `${(100 * s) / enrol_s}%`;
  return (
    <div class={styles.speech} data-enough={usable_s >= verify_s || undefined}>
      <span class={styles.name}>{text("speech.title")}</span>
      <span class={styles.track}>
        <meter
          min={0}
          max={enrol_s}
          value={shown}
          aria-label={text("speech.title")}
          aria-valuetext={spoken(heard)}
        />
        <span
          class={styles.waiting}
          style={{ left: share(shown), width: share(Math.min(waiting_s, enrol_s - shown)) }}
        />
        <span class={styles.need} style={{ left: share(verify_s) }} />
      </span>
      <span class={styles.value} title={text("speech.hint")}>
        <b>{speechSeconds(usable_s)}</b> {text("speech.needs", { verify: verify_s, enrol: enrol_s })}
      </span>
      <Quality heard={heard} />
      <span class={styles.why} role="status" data-tone={tone(heard)}>
        {verdict(heard)}
      </span>
    </div>
  );
}

/** To the tenth below: a need that is not met yet never looks as if it were. */
export function speechSeconds(s: number): string {
  return text("speech.seconds", { s: (Math.floor(10 * s + 1e-6) / 10).toFixed(1) });
}

function Quality({ heard }: { heard: SpeechHeard }) {
  if (heard.snr_db === null || heard.clipped === null || heard.rolloff_hz === null) return null;
  return (
    <span class={styles.quality}>
      {text("speech.quality", {
        snr: heard.snr_db.toFixed(0),
        clipped: (100 * heard.clipped).toFixed(1),
        band: (heard.rolloff_hz / 1000).toFixed(1),
      })}
    </span>
  );
}

function spoken({ usable_s, net_speech_s, verify_s, enrol_s }: SpeechHeard): string {
  return text("speech.spoken", {
    usable: speechSeconds(usable_s),
    heard: speechSeconds(net_speech_s),
    verify: verify_s,
    enrol: enrol_s,
  });
}

/** The present trouble with what to do about it; without one, how far the speech reaches. */
function verdict(heard: SpeechHeard): string {
  const { usable_s, verify_s, enrol_s, reason } = heard;
  const isShort = reason === "no_speech" || reason === "not_enough_speech";
  if (reason && !(isShort && usable_s >= verify_s))
    return [reasonText(reason), adviceFor(reason)].filter(Boolean).join(" · ");
  if (usable_s >= enrol_s) return text("speech.enoughEnrol");
  return text(usable_s >= verify_s ? "speech.enough" : "speech.gathering");
}

function tone({ usable_s, verify_s, reason }: SpeechHeard): "good" | "caution" | undefined {
  if (reason && reason !== "no_speech" && reason !== "not_enough_speech") return "caution";
  return usable_s >= verify_s ? "good" : undefined;
}
