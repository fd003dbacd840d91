import { translator } from "../i18n";
import { consoleMessages as en } from "../messages/en/console";
import { consoleMessages as zhHans } from "../messages/zh-Hans/console";
import { consoleMessages as zhHant } from "../messages/zh-Hant/console";

/** Sentences of the officer's, the reviewer's and the administrator's pages. */
export const text = translator({ en, "zh-Hans": zhHans, "zh-Hant": zhHant });
