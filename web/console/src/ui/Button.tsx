import type { ComponentChildren } from "preact";
import styles from "./Button.module.css";
import { classes } from "./classes";

export interface ButtonProps {
  children: ComponentChildren;
  onClick?: () => void;
  kind?: "primary" | "plain" | "quiet" | "danger";
  size?: "small" | "medium" | "large";
  submit?: boolean;
  /** Something is under way: the button stays where it is and cannot be pressed again. */
  busy?: boolean;
  disabled?: boolean;
  pressed?: boolean | undefined;
  title?: string;
  label?: string;
  tabIndex?: number;
}

export function Button(props: ButtonProps) {
  const { kind = "plain", size = "medium", busy = false } = props;
  return (
    <button
      type={props.submit ? "submit" : "button"}
      class={classes(styles.button, styles[kind], styles[size], busy && styles.busy)}
      onClick={busy ? undefined : props.onClick}
      disabled={props.disabled}
      aria-disabled={busy}
      aria-busy={busy}
      aria-pressed={props.pressed}
      aria-label={props.label}
      title={props.title}
      tabIndex={props.tabIndex}
    >
      {props.children}
    </button>
  );
}

export function LinkButton(props: {
  href: string;
  children: ComponentChildren;
  kind?: "primary" | "plain";
  title?: string;
  newTab?: boolean;
}) {
  const tab = props.newTab ? { target: "_blank", rel: "noopener" } : {};
  return (
    <a
      href={props.href}
      title={props.title}
      class={classes(styles.button, styles[props.kind ?? "plain"], styles.medium)}
      {...tab}
    >
      {props.children}
    </a>
  );
}
