import { Fragment } from "preact";
import { useConsole } from "../console/context";
import { useLoad } from "../console/useLoad";
import { dateTime } from "../format";
import { failureText } from "../i18n";
import { commonText } from "../text";
import type { AuditEntry } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import styles from "./Audit.module.css";
import { auditItems } from "./auditDetail";
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
            <Details entry={entry} />
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Its details on one line. What is shortened there has its full value in a tooltip. */
function Details({ entry }: { entry: AuditEntry }) {
  const { config } = useConsole();
  const items = auditItems(entry, config.products);
  return (
    <small>
      {items.map(({ name, words, full }, i) => (
        <Fragment key={name}>
          {i > 0 && " · "}
          <span title={full}>{words}</span>
        </Fragment>
      ))}
    </small>
  );
}
