import { afterEach } from "vitest";
import { language } from "../i18n";
import { unmountAll } from "./mount";

// Files share one page: what one chose must not reach the next, which may read it as it loads.
language.value = "en";

afterEach(unmountAll);
