import { percent } from "../format";
import type { CallStatus, LinkStatus } from "../types";
import styles from "./Links.module.css";
import { text } from "./text";

/** How both connections and the analysis are doing, in one line. */
export function Links({ call }: { call: CallStatus | null }) {
  if (!call) return <span />;
  return (
    <ul class={styles.links}>
      <Side name={text("room.applicant")} link={call.applicant} />
      <Side name={text("room.you")} link={call.officer} />
      <li
        data-tone={
          call.analysis.state === "restarting" ? "bad" : call.analysis.state === "running" ? "good" : "idle"
        }
      >
        <span role="status">{analysisText(call.analysis)}</span>
      </li>
    </ul>
  );
}

function Side({ name, link }: { name: string; link: LinkStatus }) {
  return (
    <li data-tone={link.connected ? "good" : "idle"}>
      <b>{name}</b>
      {link.connected ? (
        <span>
          {Math.round(link.kbps)} {text("room.kbps")} · {Math.round(link.fps)} {text("room.fps")} ·{" "}
          {text("room.loss")} {percent(link.loss)}
        </span>
      ) : (
        <span>{text("room.offline")}</span>
      )}
    </li>
  );
}

function analysisText({ state, level, lag_s }: CallStatus["analysis"]): string {
  if (state === "restarting") return text("room.analysisRestarting");
  if (state === "idle") return text("room.analysisIdle");
  const lag = lag_s.toFixed(1);
  return level > 0 ? text("room.analysisReduced", { lag, level }) : text("room.analysisRunning", { lag });
}
