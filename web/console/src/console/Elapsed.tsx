import { useEffect, useState } from "preact/hooks";
import { clock } from "../format";
import styles from "./Elapsed.module.css";

export interface ElapsedProps {
  /** When it began. */
  since: string;
  now?: () => number;
}

/** How long the interview has been going on, to the second. Silent for screen readers: it changes too often. */
export function Elapsed({ since, now = Date.now }: ElapsedProps) {
  const read = () => Math.max(0, (now() - Date.parse(since)) / 1000);
  const [seconds, setSeconds] = useState(read);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(read()), 1000);
    return () => clearInterval(timer);
  }, [since]);
  return (
    <span class={styles.elapsed} aria-hidden="true">
      {clock(seconds)}
    </span>
  );
}
