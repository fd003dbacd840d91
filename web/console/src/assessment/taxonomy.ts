import checks from "../../../../fraudmodel/taxonomy/checks.json";
import reasonCodes from "../../../../fraudmodel/taxonomy/reason_codes.json";
import { type Language, language } from "../i18n";

/** A sentence as the fraud model's own documents carry it: the console has no second copy of them. */
type Sentence = Record<Language, string>;

const codes = new Map<string, Sentence>(reasonCodes.codes.map((one) => [one.code, one]));
const asked = new Map<string, Sentence>(checks.checks.map((one) => [one.id, one]));

/** What a reason's code stands for, in the page's language; empty for a code that is newer than this console. */
export const codeText = (code: string): string => codes.get(code)?.[language.value] ?? "";

/** What a check asks for; one that is newer than this console goes by its name. */
export const checkText = (check: string): string =>
  asked.get(check)?.[language.value] ?? check.replaceAll("_", " ");
