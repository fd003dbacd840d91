import { translator } from "../i18n";
import { review as en } from "../messages/en/review";
import { review as zhHans } from "../messages/zh-Hans/review";
import { review as zhHant } from "../messages/zh-Hant/review";

/** Sentences of the review page. */
export const reviewText = translator({ en, "zh-Hans": zhHans, "zh-Hant": zhHant });

const isKnown = (key: string): key is keyof typeof en => key in en;

/** What an audit entry's action means; an action newer than this console goes by its name. */
export function actionName(action: string): string {
  const key = `action.${action}`;
  return isKnown(key) ? reviewText(key) : action;
}

/** Who acted: a person's name, or one of the parties that have none. */
export function actorName(actor: string): string {
  const key = `actor.${actor}`;
  return isKnown(key) ? reviewText(key) : actor;
}

/** The largest difference that a re-run found, with two significant digits. */
export const differenceText = (value: number): string => value.toPrecision(2).replace(/^0\.0$/, "0");
