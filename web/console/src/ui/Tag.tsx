import type { ComponentChildren } from "preact";
import { classes } from "./classes";
import styles from "./Tag.module.css";

export type Tone = "neutral" | "info" | "good" | "caution" | "fraud" | "danger";

export function Tag(props: { tone?: Tone; dot?: boolean; title?: string; children: ComponentChildren }) {
  return (
    <span class={classes(styles.tag, styles[props.tone ?? "neutral"])} title={props.title}>
      {props.dot && <span class={styles.dot} aria-hidden="true" />}
      {props.children}
    </span>
  );
}
