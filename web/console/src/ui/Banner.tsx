import type { ComponentChildren } from "preact";
import styles from "./Banner.module.css";
import { classes } from "./classes";

export interface BannerProps {
  tone: "info" | "caution" | "danger" | "good";
  children: ComponentChildren;
  /** What the reader can do about it. */
  action?: ComponentChildren;
}

/** A sentence about what is going on, and the way out. Problems are announced at once, the rest politely. */
export function Banner({ tone, children, action }: BannerProps) {
  return (
    <div class={classes(styles.banner, styles[tone])} role={tone === "danger" ? "alert" : "status"}>
      <span class={styles.mark} aria-hidden="true" />
      <p>{children}</p>
      {action}
    </div>
  );
}
