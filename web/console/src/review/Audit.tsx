import { useConsole } from "../console/context";
import { useLoad } from "../console/useLoad";
import { dateTime } from "../format";
import { failureText } from "../i18n";
import { commonText } from "../text";
import type { AuditEntry } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import styles from "./Audit.module.css";
import { actionName, actorName, reviewText } from "./text";

/** Everything that was done with this interview, in order. */
export function Audit({ id, version }: { id: string; version: string }) {
  const { api } = useConsole();
  const { value, failure, reload } = useLoad(() => api.audit(id), `${id} ${version}`);
  if (failure)
    return (
      <Banner tone="danger" action={<Button onClick={reload}>{commonText("common.retry")}</Button>}>
        {failureText(failure)}
      </Banner>
    );
  if (value?.length === 0) return <p>{reviewText("audit.empty")}</p>;
  return (
    <ol class={styles.audit}>
      {value?.map((entry) => (
        <li key={entry.seq}>
          <time dateTime={entry.at}>{dateTime(entry.at)}</time>
          <span>
            <b>{actionName(entry.action)}</b>
            <i>{actorName(entry.actor)}</i>
            <small>{detailText(entry)}</small>
          </span>
        </li>
      ))}
    </ol>
  );
}

function detailText({ detail }: AuditEntry): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${valueText(value)}`)
    .join(" · ");
}

function valueText(value: AuditEntry["detail"][string]): string {
  if (value === null) return "–";
  if (typeof value === "boolean") return value ? "✓" : "✕";
  return String(value);
}
