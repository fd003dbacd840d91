import { useState } from "preact/hooks";
import { failureText } from "../i18n";
import type { Failure } from "../result";
import { commonText } from "../text";
import type { NewUser, Role, User } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { Tag } from "../ui/Tag";
import { useConsole } from "./context";
import { text } from "./text";
import styles from "./Users.module.css";
import { useLoad } from "./useLoad";

const ROLES: Role[] = ["officer", "compliance", "admin"];

/** Who may sign in, and as what. */
export function Users() {
  const { api, user: me } = useConsole();
  const { value, failure, reload } = useLoad(() => api.users(), "users");
  const [adding, setAdding] = useState(false);
  const [refused, setRefused] = useState<Failure | null>(null);
  const problem = refused ?? failure;

  async function setActive(user: User, active: boolean) {
    const result = await api.changeUser(user.id, { active });
    setRefused(result.ok ? null : result.failure);
    if (result.ok) reload();
  }

  return (
    <div class={styles.page}>
      <div class={styles.bar}>
        <h1>{text("users.title")}</h1>
        <Button kind="primary" onClick={() => setAdding(true)}>
          {text("users.add")}
        </Button>
      </div>
      {problem && (
        <Banner tone="danger" action={<Button onClick={reload}>{commonText("common.retry")}</Button>}>
          {failureText(problem)}
        </Banner>
      )}
      <ul class={styles.list}>
        {value?.items.map((user) => (
          <li key={user.id}>
            <span class={styles.who}>
              <b>{user.display_name}</b>
              <small>{user.username}</small>
            </span>
            <span>{text(`role.${user.role}`)}</span>
            <Tag tone={user.active ? "good" : "neutral"}>
              {text(user.active ? "users.active" : "users.inactive")}
            </Tag>
            <Button
              size="small"
              disabled={user.id === me.id}
              onClick={() => void setActive(user, !user.active)}
            >
              {text(user.active ? "users.disable" : "users.enable")}
              <span class="hidden-visually"> {user.display_name}</span>
            </Button>
          </li>
        ))}
      </ul>
      {adding && (
        <AddUser
          onClose={() => setAdding(false)}
          onAdded={() => {
            setAdding(false);
            reload();
          }}
        />
      )}
    </div>
  );
}

function AddUser({ onClose, onAdded }: { onClose: () => void; onAdded: () => void }) {
  const { api, config } = useConsole();
  const [draft, setDraft] = useState<NewUser>({
    username: "",
    display_name: "",
    role: "officer",
    password: "",
  });
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<NewUser>) => setDraft({ ...draft, ...part });

  async function add() {
    if (!draft.username || !draft.display_name || !draft.password) {
      setProblem(text("users.incomplete"));
      return;
    }
    setBusy(true);
    const result = await api.createUser(draft);
    setBusy(false);
    if (result.ok) onAdded();
    else setProblem(failureText(result.failure));
  }

  return (
    <Dialog
      title={text("users.add")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{commonText("common.cancel")}</Button>
          <Button kind="primary" busy={busy} onClick={() => void add()}>
            {text("users.create")}
          </Button>
        </>
      }
    >
      <Field label={text("login.username")}>
        <input
          autocomplete="off"
          value={draft.username}
          onInput={(e) => change({ username: e.currentTarget.value.trim() })}
        />
      </Field>
      <Field label={text("users.name")}>
        <input
          autocomplete="off"
          value={draft.display_name}
          onInput={(e) => change({ display_name: e.currentTarget.value })}
        />
      </Field>
      <Field label={text("users.role")}>
        <select value={draft.role} onChange={(e) => change({ role: e.currentTarget.value as Role })}>
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {text(`role.${role}`)}
            </option>
          ))}
        </select>
      </Field>
      <Field
        label={text("login.password")}
        hint={text("users.passwordHint", { least: config.min_password_characters })}
      >
        <input
          type="password"
          autocomplete="new-password"
          value={draft.password}
          onInput={(e) => change({ password: e.currentTarget.value })}
        />
      </Field>
      {problem && <Banner tone="danger">{problem}</Banner>}
    </Dialog>
  );
}
