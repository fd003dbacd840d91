import { signal } from "@preact/signals";
import type { Failure } from "./result";

export const LANGUAGES = ["zh-Hans", "zh-Hant", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

export const LANGUAGE_NAMES: Record<Language, string> = {
  "zh-Hans": "简体中文",
  "zh-Hant": "繁體中文",
  en: "English",
};

const STORED_AS = "candor.language";

/** The page's language. One per page, as `document.documentElement.lang` is. */
export const language = signal<Language>("zh-Hans");

/** Choose the language: what was chosen before, else the one asked for, else the browser's first that we speak. */
export function startLanguage(wanted?: string): void {
  const preferences = [stored(), wanted, ...navigator.languages];
  applyLanguage(preferences.map(closest).find((found) => found !== null) ?? "zh-Hans");
}

/** Change the language and remember it on this device. */
export function chooseLanguage(chosen: Language): void {
  applyLanguage(chosen);
  try {
    localStorage.setItem(STORED_AS, chosen);
  } catch {
    // Storage can be denied; the choice then lasts as long as the page.
  }
}

function applyLanguage(chosen: Language): void {
  language.value = chosen;
  document.documentElement.lang = chosen;
}

function stored(): string | undefined {
  try {
    return localStorage.getItem(STORED_AS) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The language of ours that is nearest to a BCP 47 tag; null when we speak nothing near it. */
export function closest(tag: string | undefined): Language | null {
  if (!tag) return null;
  const lower = tag.toLowerCase();
  if (lower.startsWith("en")) return "en";
  if (!lower.startsWith("zh")) return null;
  return /hant|tw|hk|mo/.test(lower) ? "zh-Hant" : "zh-Hans";
}

/** Fill `{name}` holes in a message. */
export function fill(message: string, values: Record<string, string | number>): string {
  return message.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}

/** A function from message key to sentence in the page's language; the keys are checked by the compiler. */
export function translator<Key extends string>(catalogues: Record<Language, Record<Key, string>>) {
  return (key: Key, values: Record<string, string | number> = {}) =>
    fill(catalogues[language.value][key], values);
}

/** The service's own sentence for a failure, in the page's language. */
export function failureText(failure: Failure): string {
  return language.value === "en" ? failure.message : failure.messageZh;
}

/** The name in the page's language of something that the service names in Chinese and English. */
export function localName(named: { name_zh: string; name_en: string }): string {
  return language.value === "en" ? named.name_en : named.name_zh;
}
