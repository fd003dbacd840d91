import { translator } from "../i18n";
import { applicant as en } from "../messages/en/applicant";
import { applicant as zhHans } from "../messages/zh-Hans/applicant";
import { applicant as zhHant } from "../messages/zh-Hant/applicant";

/** Sentences of the applicant's page. */
export const joinText = translator({ en, "zh-Hans": zhHans, "zh-Hant": zhHant });
