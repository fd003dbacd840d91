import { featureName, LEAST_DEVIATION } from "../assessment/deviations";
import { reasonText } from "../assessment/text";
import { text } from "../console/text";
import { clock, signed } from "../format";
import { type Language, language, translator } from "../i18n";
import { questions as en } from "../messages/en/questions";
import { questions as zhHans } from "../messages/zh-Hans/questions";
import { questions as zhHant } from "../messages/zh-Hant/questions";
import type { Question, QuestionBehaviour, SessionDetail } from "../types";

/** Sentences about questions. */
export const questionText = translator({ en, "zh-Hans": zhHans, "zh-Hant": zhHant });

type LocalText = Question["text"];

const isChinese = (one: string) => one.startsWith("zh");

/** The text in one of our languages. */
const inLanguage = (words: LocalText, wanted: Language): string => words[wanted] ?? words.en ?? "";

export const inPageLanguage = (words: LocalText): string => inLanguage(words, language.value);

/** A question as it is asked, in the interview's language; and as this page's reader reads it, where that is another one. */
export function wording(words: LocalText, spoken: Language): { asked: string; read: string | null } {
  const read = language.value;
  const isSame = read === spoken || (isChinese(read) && isChinese(spoken));
  return { asked: inLanguage(words, spoken), read: isSame ? null : inPageLanguage(words) };
}

/** Where the answer lies in the recording; null for a question that was not asked. One that goes on has no end yet. */
export function spanOf({ asked_s, ended_s }: Question): string | null {
  if (asked_s === null) return null;
  return `${clock(asked_s)}–${ended_s === null ? "" : clock(ended_s)}`;
}

/** Numbers in order, those that follow each other together: `2, 4–7`. */
export function inRuns(numbers: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const n of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === n - 1) last[1] = n;
    else runs.push([n, n]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(", ");
}

export function stateText(question: Question): string {
  const { state, asked_s } = question;
  if (state === "answering") return questionText("state.answering", { t: clock(asked_s ?? 0) });
  return questionText(`state.${state}`, { span: spanOf(question) ?? "" });
}

/** What came of comparing an answer with the applicant's own neutral ones. */
export function behaviourWords(found: QuestionBehaviour): string {
  if (found.reason) return questionText("answer.notCompared", { reason: whyNot(found) });
  const figures = questionText("answer.figures", { p: figure(found.p), q: figure(found.q) });
  return questionText(found.differs ? "answer.differs" : "answer.similar", { figures });
}

/** How many deviations are named beside an answer; the readings hold them all. */
const NAMED = 2;

/** What differs most, with how far; empty where nothing stands out. */
export function deviationWords({ deviations }: QuestionBehaviour): string {
  const named = deviations
    .filter(({ z }) => Math.abs(z) >= LEAST_DEVIATION)
    .slice(0, NAMED)
    .map(({ feature, z }) =>
      questionText("answer.deviation", { feature: featureName(feature), z: signed(z) }),
    );
  return named.length > 0 ? questionText("answer.most", { list: named.join(" · ") }) : "";
}

/** The detector's own count of neutral answers, as it words it: "3 neutral answers of 41 s; 5 of 90 s are needed". */
const COUNTED = /^(\d+) neutral answers? of (\d+) s; (\d+) of (\d+) s are needed$/;

/** Why an answer was not compared, with the count of neutral answers where that is why. */
export function whyNot({ reason, detail }: QuestionBehaviour): string {
  const counted = COUNTED.exec(detail);
  if (reason !== "short_baseline" || !counted) return reasonText(reason ?? "");
  const [, n = "", s = "", needs = "", needs_s = ""] = counted;
  return questionText("baseline.short", { n, s, needs, needs_s });
}

/** A comparison of answers needs all of these. */
const NEEDED = ["face", "voice", "behaviour"] as const;

/** Why answers are not compared, or not yet; null once they are. What nobody was asked for is not a refusal. */
export function standing(
  { asked, consent }: Pick<SessionDetail, "asked" | "consent">,
  absent: QuestionBehaviour | null,
): string | null {
  const notCompared = (reason: string) => questionText("answer.notCompared", { reason });
  if (NEEDED.some((part) => !asked.includes(part))) return notCompared(reasonText("channel_off"));
  const refused = NEEDED.filter((part) => consent && !consent[part]).map((part) => text(`consent.${part}`));
  if (refused.length > 0)
    return questionText("questions.noConsent", {
      parts: refused.join(language.value === "en" ? ", " : "、"),
    });
  return absent && notCompared(whyNot(absent));
}

const figure = (value: number | null): string => (value === null ? "–" : value.toPrecision(2));
