import { translator } from "./i18n";
import { common as en } from "./messages/en/common";
import { common as zhHans } from "./messages/zh-Hans/common";
import { common as zhHant } from "./messages/zh-Hant/common";

/** Sentences that every page needs. */
export const commonText = translator({ en, "zh-Hans": zhHans, "zh-Hant": zhHant });
