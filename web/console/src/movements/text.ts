import { clock, percent } from "../format";
import { language, translator } from "../i18n";
import { movements as en } from "../messages/en/movements";
import { movements as zhHans } from "../messages/zh-Hans/movements";
import { movements as zhHant } from "../messages/zh-Hant/movements";
import { questionText } from "../questions/text";
import type { Answer, Movement } from "./movements";

/** Sentences about movements of the face. None of them says what a movement means. */
export const movementText = translator({ en, "zh-Hans": zhHans, "zh-Hant": zhHant });

const isKnown = (key: string): key is keyof typeof en => Object.hasOwn(en, key);

/** The name of a region of the face; one newer than this console goes by its own name. */
export function regionName(region: string): string {
  const key = `region.${region}`;
  return isKnown(key) ? movementText(key) : region.replaceAll("_", " ");
}

/** The regions that moved, as a list in words. */
export const regionsText = ({ regions }: Movement): string =>
  regions.map(regionName).join(language.value === "en" ? ", " : "、");

/** Action units by their numbers in FACS, with the side where only one half went. */
export function unitsText({ units }: Movement): string {
  const sides = new Map<string, string[]>();
  for (const half of units) {
    const [unit = half, side = ""] = half.split("_");
    sides.set(unit, [...(sides.get(unit) ?? []), side]);
  }
  const named = [...sides].map(([unit, [side, other]]) => {
    const key = `side.${side}`;
    return other === undefined && isKnown(key) ? movementText(key, { unit }) : unit;
  });
  return named.join(language.value === "en" ? ", " : "、");
}

export const kindText = ({ isBrief }: Movement): string =>
  movementText(isBrief ? "movement.brief" : "movement.longer");

/** The question in whose answer a movement fell, in a few words; empty where that is not known. */
export function fellInText(answer: Answer | null | undefined): string {
  if (answer === undefined) return "";
  return answer ? movementText("movement.inQuestion", { n: answer.number }) : movementText("movement.inNone");
}

/** How long, how far and how clearly. */
export function factsText({ onset, offset, amplitude, strength }: Movement): string {
  return movementText("movement.facts", {
    duration: (offset - onset).toFixed(2),
    amplitude: percent(amplitude),
    strength: strength.toFixed(1),
  });
}

/** A movement and its place in one sentence, for a screen reader. */
export function spokenMovement(movement: Movement, answer: Answer | null | undefined): string {
  const sentence = movementText("movement.spoken", {
    what: kindText(movement),
    t: clock(movement.onset, true),
    regions: regionsText(movement),
    question: fellInText(answer),
  });
  return sentence.trim();
}

/** The answer to a question in one sentence. */
export function spokenAnswer({ number, role, start, end, text }: Answer): string {
  return movementText("questions.span", {
    n: number,
    role: questionText(`role.${role}`),
    start: clock(start),
    end: clock(end),
    text,
  });
}
