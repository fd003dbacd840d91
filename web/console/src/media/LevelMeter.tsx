import { useEffect, useState } from "preact/hooks";
import { commonText } from "../text";
import styles from "./LevelMeter.module.css";
import { followLevel } from "./level";

export interface LevelMeterProps {
  stream: MediaStream;
  /** Called once, when somebody was clearly heard. */
  onHeard?: () => void;
  follow?: typeof followLevel;
}

const HEARD = 0.35;

export function LevelMeter({ stream, onHeard, follow = followLevel }: LevelMeterProps) {
  const [level, setLevel] = useState(0);
  useEffect(() => {
    let heard = false;
    return follow(stream, (now) => {
      setLevel(now);
      if (now > HEARD && !heard) {
        heard = true;
        onHeard?.();
      }
    });
  }, [stream, follow]);
  return (
    <meter class={styles.meter} min={0} max={1} value={level} aria-label={commonText("common.level")}>
      {Math.round(level * 100)}%
    </meter>
  );
}
