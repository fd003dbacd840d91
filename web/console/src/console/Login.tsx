import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Api } from "../api";
import { failureText } from "../i18n";
import type { Failure } from "../result";
import type { Config, User } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { LanguageSwitch } from "../ui/LanguageSwitch";
import { Mark } from "./Header";
import styles from "./Login.module.css";
import { text } from "./text";

export interface LoginProps {
  api: Api;
  config: Config;
  /** Shown over a page whose user was signed out; the page keeps what was typed. */
  again?: boolean;
  onSignedIn: (user: User) => void;
}

export function Login({ api, config, again = false, onSignedIn }: LoginProps) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    setBusy(true);
    const result = await api.login(username, password);
    setBusy(false);
    if (result.ok) onSignedIn(result.value.user);
    else setFailure(result.failure);
  }

  return (
    <Around over={again}>
      <form class={styles.card} onSubmit={submit}>
        <header>
          <Mark size={28} />
          <div>
            <h1>Candor</h1>
            <p>{text("login.about")}</p>
          </div>
        </header>
        {again && <Banner tone="info">{text("login.expired")}</Banner>}
        {config.demo && !again && <Banner tone="caution">{text("login.demo")}</Banner>}
        <Field label={text("login.username")}>
          <input
            name="username"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
            value={username}
            onInput={(event) => setUsername(event.currentTarget.value)}
          />
        </Field>
        <Field label={text("login.password")}>
          <input
            name="password"
            type="password"
            autocomplete="current-password"
            required
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </Field>
        {failure && <Banner tone="danger">{failureText(failure)}</Banner>}
        <Button kind="primary" submit busy={busy}>
          {text("login.submit")}
        </Button>
        <footer>
          <LanguageSwitch />
          <span>
            {config.institution} · {config.version}
          </span>
        </footer>
      </form>
    </Around>
  );
}

/** A page of its own, or a modal that keeps the page beneath out of reach until somebody is signed in. */
function Around({ over, children }: { over: boolean; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  if (!over) return <main class={styles.page}>{children}</main>;
  return (
    <dialog
      ref={dialog}
      class={styles.over}
      aria-label={text("login.title")}
      onCancel={(event) => event.preventDefault()}
    >
      {children}
    </dialog>
  );
}
