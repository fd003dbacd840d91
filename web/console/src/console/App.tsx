import type { Signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Api } from "../api";
import { failureText } from "../i18n";
import { route } from "../route";
import type { openStream } from "../stream";
import { commonText } from "../text";
import type { Config, User } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import styles from "./App.module.css";
import { ConsoleContext, useConsole } from "./context";
import { Header } from "./Header";
import { Login } from "./Login";
import { NewInterview } from "./NewInterview";
import { SessionList } from "./SessionList";
import { SessionPage } from "./SessionPage";
import { text } from "./text";
import { Users } from "./Users";
import { useLoad } from "./useLoad";

export interface AppProps {
  api: Api;
  /** Turned on by the transport whenever the service says that nobody is signed in. */
  signedOut: Signal<boolean>;
  openStream: typeof openStream;
  /** Whether this browser has been signed in; without it the service is not asked who is there. */
  hasSession: boolean;
}

export function App({ api, signedOut, openStream, hasSession }: AppProps) {
  const config = useLoad(() => api.config(), "config");
  const [user, setUser] = useState<User | null | "unknown">(hasSession ? "unknown" : null);
  useEffect(() => {
    if (hasSession) void api.me().then((me) => setUser(me.ok ? me.value.user : null));
  }, [api]);

  function signIn(person: User) {
    signedOut.value = false;
    setUser(person);
  }

  async function signOut() {
    await api.logout();
    setUser(null);
  }

  if (config.failure && !config.value)
    return (
      <main class={styles.alone}>
        <Banner tone="danger" action={<Button onClick={config.reload}>{commonText("common.retry")}</Button>}>
          {failureText(config.failure)}
        </Banner>
      </main>
    );
  if (!config.value || user === "unknown") return <main class={styles.alone} aria-busy="true" />;
  if (!user) return <Login api={api} config={config.value} onSignedIn={signIn} />;
  return (
    <Shell api={api} config={config.value} user={user} openStream={openStream} onSignOut={signOut}>
      {signedOut.value && <Login api={api} config={config.value} again onSignedIn={signIn} />}
    </Shell>
  );
}

interface ShellProps {
  api: Api;
  config: Config;
  user: User;
  openStream: typeof openStream;
  onSignOut: () => void;
  children: preact.ComponentChildren;
}

function Shell({ onSignOut, children, ...shared }: ShellProps) {
  return (
    <ConsoleContext.Provider value={shared}>
      <button type="button" class={styles.skip} onClick={skip}>
        {text("app.skip")}
      </button>
      <Header user={shared.user} demo={shared.config.demo} onSignOut={onSignOut} />
      <main id="content" tabIndex={-1} class={styles.content}>
        <Page />
      </main>
      {children}
    </ConsoleContext.Provider>
  );
}

/** Move the focus only: the address's fragment says which page is shown. */
const skip = () => document.getElementById("content")?.focus();

/** The page of the address, or the list where it is not for this person's role. */
function Page() {
  const { user } = useConsole();
  const at = route.value;
  if (at.page === "new" && user.role !== "compliance") return <NewInterview />;
  if (at.page === "users" && user.role === "admin") return <Users />;
  if (at.page === "session") return <SessionPage key={at.id} id={at.id} />;
  return <SessionList />;
}
