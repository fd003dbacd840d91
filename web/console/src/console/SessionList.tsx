import { useEffect, useState } from "preact/hooks";
import { evidenceText } from "../assessment/text";
import { failureText } from "../i18n";
import { go } from "../route";
import { commonText } from "../text";
import type { SessionQuery, SessionState } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { useConsole } from "./context";
import styles from "./SessionList.module.css";
import { SessionTable } from "./SessionTable";
import { text } from "./text";
import { useLoad } from "./useLoad";

const STATES: SessionState[] = [
  "created",
  "consented",
  "waiting",
  "live",
  "interrupted",
  "sealed",
  "decided",
];
const EVERYTHING: SessionQuery = { state: "", q: "", page: 1 };
const REFRESH_MS = 5000;

/** Every interview that this person may see, newest first, kept fresh while it is looked at. */
export function SessionList() {
  const { api, user, config } = useConsole();
  const [query, setQuery] = useState(EVERYTHING);
  const { value, failure, loading, reload } = useLoad(() => api.sessions(query), JSON.stringify(query));
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && reload(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [reload]);

  const isFiltered = query.state !== "" || query.q.trim() !== "";
  return (
    <div class={styles.page}>
      <div class={styles.bar}>
        <h1>{text("list.title")}</h1>
        <span class={styles.total}>{value && text("list.total", { n: value.total })}</span>
        <Filters query={query} onChange={setQuery} />
        {user.role !== "compliance" && (
          <Button kind="primary" onClick={() => go({ page: "new" })}>
            <Icon name="plus" />
            {text("list.new")}
          </Button>
        )}
      </div>
      {failure && (
        <Banner tone="danger" action={<Button onClick={reload}>{commonText("common.retry")}</Button>}>
          {failureText(failure)}
        </Banner>
      )}
      {value && value.items.length > 0 && (
        <SessionTable items={value.items} products={config.products} now={new Date()} />
      )}
      {value?.items.length === 0 && !loading && (
        <Empty filtered={isFiltered} onClear={() => setQuery(EVERYTHING)} />
      )}
      {value && value.total > value.page_size && (
        <Pager
          page={value.page}
          pages={Math.ceil(value.total / value.page_size)}
          onPage={(page) => setQuery({ ...query, page })}
        />
      )}
    </div>
  );
}

function Filters({ query, onChange }: { query: SessionQuery; onChange: (query: SessionQuery) => void }) {
  return (
    <search class={styles.filters}>
      <span class={styles.search}>
        <Icon name="search" size={14} />
        <input
          type="search"
          placeholder={text("list.search")}
          aria-label={text("list.search")}
          value={query.q}
          onInput={(event) => onChange({ ...query, q: event.currentTarget.value, page: 1 })}
        />
      </span>
      <select
        aria-label={text("list.state")}
        value={query.state}
        onChange={(event) =>
          onChange({ ...query, state: event.currentTarget.value as SessionState | "", page: 1 })
        }
      >
        <option value="">{text("list.all")}</option>
        {STATES.map((state) => (
          <option key={state} value={state}>
            {evidenceText(`state.${state}`)}
          </option>
        ))}
      </select>
    </search>
  );
}

function Empty({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return (
    <div class={styles.empty}>
      <h2>{text(filtered ? "list.noMatch" : "list.empty")}</h2>
      {filtered ? <Button onClick={onClear}>{text("list.clear")}</Button> : <p>{text("list.emptyHint")}</p>}
    </div>
  );
}

function Pager({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  return (
    <nav class={styles.pager} aria-label={text("list.page", { page, pages })}>
      <Button size="small" disabled={page <= 1} onClick={() => onPage(page - 1)}>
        {text("list.previous")}
      </Button>
      <span>{text("list.page", { page, pages })}</span>
      <Button size="small" disabled={page >= pages} onClick={() => onPage(page + 1)}>
        {text("list.next")}
      </Button>
    </nav>
  );
}
