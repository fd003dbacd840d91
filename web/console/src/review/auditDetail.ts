import { evidenceText, signalName } from "../assessment/text";
import { challengeText } from "../challenges/text";
import { text } from "../console/text";
import { clock } from "../format";
import { localName } from "../i18n";
import { challenges } from "../messages/en/challenges";
import { consoleMessages } from "../messages/en/console";
import { evidence } from "../messages/en/evidence";
import { questions } from "../messages/en/questions";
import { review } from "../messages/en/review";
import { questionText } from "../questions/text";
import type { AuditEntry, Product } from "../types";
import { actorName, differenceText, reviewText } from "./text";

/** One detail of an audit entry by the service's name of it, in words. `full` is the value where they shorten it. */
export interface AuditItem {
  name: string;
  words: string;
  full?: string;
}

type Value = AuditEntry["detail"][string];

const MINUS = "\u2212";
const ID_CHARACTERS = 8;

/**
 * What an audit entry says beside its action, in words. Names and words newer than this console stay as they are;
 * tests/web/test_audit_names.py proves that this service has none.
 */
export function auditItems({ action, detail }: AuditEntry, products: readonly Product[]): AuditItem[] {
  return Object.entries(detail)
    .filter(([, value]) => value !== "")
    .sort(([a], [b]) => Number(isId(a)) - Number(isId(b)))
    .map(([name, value]) => itemOf(action, name, value, products));
}

function itemOf(action: string, name: string, value: Value, products: readonly Product[]): AuditItem {
  const called = detailName(action, name);
  if (typeof value === "boolean") return { name, words: `${called} ${value ? "✓" : "✕"}` };
  const isCut = isId(name) && typeof value === "string" && value.length > ID_CHARACTERS;
  const said = isCut ? value.slice(0, ID_CHARACTERS) : valueText(`${action} ${name}`, value, products);
  const words = reviewText("audit.pair", { name: called, value: said });
  return isCut ? { name, words, full: value } : { name, words };
}

/** An id ties an entry to another one and tells a reader nothing else: it comes last, and short. */
const isId = (name: string): boolean => name === "challenge" || name === "voice_from";

/** What a detail of this action is called. */
export function detailName(action: string, name: string): string {
  const here = NAMES[`${action} ${name}`];
  if (here) return here();
  for (const key of [`detail.${action}.${name}`, `detail.${name}`])
    if (isIn(review, key)) return reviewText(key);
  const part = `consent.${name}`;
  return isIn(consoleMessages, part) ? text(part) : name.replaceAll("_", " ");
}

function valueText(field: string, value: string | number | null, products: readonly Product[]): string {
  if (value === null) return "–";
  if (typeof value === "number") return (NUMBERS[field] ?? plain)(value);
  if (field === "session.created product") return productName(value, products);
  return WORDS[field]?.(value) ?? value;
}

function productName(id: string, products: readonly Product[]): string {
  const product = products.find((one) => one.id === id);
  return product ? localName(product) : id;
}

function isIn<Key extends string>(catalogue: Record<Key, string>, key: string): key is Key {
  return Object.hasOwn(catalogue, key);
}

/** Says a word by the message that a catalogue has for it under a prefix; the word itself where it has none. */
function wordsOf<Key extends string>(
  catalogue: Record<Key, string>,
  say: (key: Key) => string,
  prefix: string,
): (word: string) => string {
  return (word) => {
    const key = `${prefix}.${word}`;
    return isIn(catalogue, key) ? say(key) : word;
  };
}

const plain = (value: number): string => String(value).replace("-", MINUS);
const modality = (word: string) => reviewText(word === "face" ? "review.idPhoto" : "record.voice");
const reasonOf = wordsOf(review, reviewText, "reason");

/** Details whose names the catalogue has elsewhere. */
const NAMES: Record<string, () => string> = {
  "session.created product": () => text("list.product"),
  "session.created face": () => reviewText("review.idPhoto"),
  "session.decided outcome": () => text("decide.outcome"),
};

const NUMBERS: Record<string, (value: number) => string> = {
  "analysis.fault t": (t) => clock(t, true),
  "movement.viewed t": (t) => clock(t, true),
  "question.marked t": (t) => clock(t, true),
  "session.rerun largest_difference": differenceText,
};

/** By action too: what a browser says is free text, even where it is a word of the service's. */
const WORDS: Record<string, (word: string) => string> = {
  "session.decided outcome": wordsOf(evidence, evidenceText, "outcome"),
  "analysis.fault kind": signalName,
  "recording.viewed side": (side) => (side === "officer" ? text("role.officer") : actorName(side)),
  "reference.replaced modality": modality,
  "reference.revoked modality": modality,
  "challenge.asked kind": wordsOf(challenges, challengeText, "kind"),
  "challenge.ended how": wordsOf(challenges, challengeText, "state"),
  "challenge.ended detail": reasonOf,
  "question.marked event": wordsOf(questions, questionText, "mark"),
  "challenge.ack_refused why": reasonOf,
};
