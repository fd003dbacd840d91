import { render } from "preact";
import "../tokens.css";
import "../base.css";
import { createJoinApi } from "../api";
import { createHttp } from "../http";
import { startLanguage } from "../i18n";
import { openStream } from "../stream";
import { createPageKey } from "./challenge/key";
import { Join } from "./Join";

startLanguage();
const token = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");
const root = document.getElementById("app");
const api = createJoinApi(createHttp(), token);
if (root) render(<Join api={api} openStream={openStream} pageKey={createPageKey()} />, root);
