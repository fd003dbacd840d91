import { type ComponentChildren, cloneElement, type VNode } from "preact";
import { useId } from "preact/hooks";
import styles from "./Field.module.css";

export interface FieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  /** One input, select or textarea; it is tied to its label, hint and error. */
  children: VNode<Record<string, unknown>>;
  after?: ComponentChildren;
}

export function Field({ label, hint, error, children, after }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  const control = cloneElement(children, {
    id,
    "aria-invalid": error ? true : undefined,
    "aria-describedby": described || undefined,
  });
  return (
    <div class={styles.field}>
      <label for={id}>{label}</label>
      {control}
      {after}
      {hint && (
        <p id={`${id}-hint`} class={styles.hint}>
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} class={styles.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
