import { signal } from "@preact/signals";
import { render } from "preact";
import "../tokens.css";
import "../base.css";
import { createApi } from "../api";
import { createHttp, csrfToken } from "../http";
import { startLanguage } from "../i18n";
import { followAddress } from "../route";
import { openStream } from "../stream";
import { App } from "./App";

startLanguage();
followAddress();
const signedOut = signal(false);
const api = createApi(createHttp({ onSignedOut: () => (signedOut.value = true) }));
const root = document.getElementById("app");
if (root)
  render(
    <App
      api={api}
      signedOut={signedOut}
      openStream={openStream}
      hasSession={csrfToken(document.cookie) !== ""}
    />,
    root,
  );
