import styles from "./Bar.module.css";

/** A share, drawn. Decorative: the figure stands beside it in words. */
export function Bar({ share }: { share: number }) {
  return (
    <span class={styles.bar} aria-hidden="true">
      <span style={{ width: `${share * 100}%` }} />
    </span>
  );
}
