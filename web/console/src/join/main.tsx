import { render } from "preact";
import "../tokens.css";
import "../base.css";
import { createJoinApi } from "../api";
import { createHttp } from "../http";
import { startLanguage } from "../i18n";
import { openStream } from "../stream";
import { Join } from "./Join";

startLanguage();
const token = decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");
const root = document.getElementById("app");
if (root) render(<Join api={createJoinApi(createHttp(), token)} openStream={openStream} />, root);
