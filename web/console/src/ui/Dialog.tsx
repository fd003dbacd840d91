import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { classes } from "./classes";
import styles from "./Dialog.module.css";

export interface DialogProps {
  title: string;
  children: ComponentChildren;
  actions: ComponentChildren;
  onClose: () => void;
  /** For pictures beside each other. */
  wide?: boolean;
}

/** A modal dialog: the browser keeps the focus inside, Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, children, actions, onClose, wide = false }: DialogProps) {
  const frame = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = frame.current;
    const before = document.activeElement;
    dialog?.showModal();
    return () => {
      dialog?.close();
      // Where the dialog is taken away as it closes, the browser gives the focus to nobody.
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={frame}
      class={classes(styles.dialog, wide && styles.wide)}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={id}>{title}</h2>
      <div class={styles.body}>{children}</div>
      <div class={styles.actions}>{actions}</div>
    </dialog>
  );
}
