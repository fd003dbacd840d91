import type { ComponentChildren } from "preact";
import { LanguageSwitch } from "../ui/LanguageSwitch";
import styles from "./Notice.module.css";

export interface NoticeProps {
  title: string;
  text: string;
  hint?: string | undefined;
  action?: ComponentChildren;
}

/** A page of one message: the link does not work, the interview is over. */
export function Notice({ title, text, hint, action }: NoticeProps) {
  return (
    <main class={styles.notice}>
      <h1>{title}</h1>
      <p role="status">{text}</p>
      {hint && <p>{hint}</p>}
      {action}
      <LanguageSwitch />
    </main>
  );
}
