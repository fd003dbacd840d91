import type { ComponentChildren } from "preact";
import type { Join } from "../types";
import { LanguageSwitch } from "../ui/LanguageSwitch";
import styles from "./Frame.module.css";
import { joinText } from "./text";

const STEPS = ["join.stepConsent", "join.stepDevices", "join.stepCall"] as const;

/** What stands around every step before the call: who invites, where one is, the language. */
export function Frame({
  invitation,
  step,
  children,
}: {
  invitation: Join;
  step: 1 | 2 | 3;
  children: ComponentChildren;
}) {
  return (
    <div class={styles.frame}>
      <header class={styles.header}>
        <strong>{invitation.institution}</strong>
        <LanguageSwitch />
      </header>
      <ol class={styles.steps} aria-label={joinText("join.steps", { n: step })}>
        {STEPS.map((key, index) => (
          <li
            key={key}
            aria-current={index + 1 === step ? "step" : undefined}
            data-done={index + 1 < step || undefined}
          >
            {joinText(key)}
          </li>
        ))}
      </ol>
      <main class={styles.main}>{children}</main>
    </div>
  );
}
