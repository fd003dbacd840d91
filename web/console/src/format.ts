import { language } from "./i18n";

const DECIBANS_PER_NAT = 10 / Math.LN10;
const MINUS = "\u2212";

/** Natural-log evidence in decibans, the unit that the console shows. */
export const decibans = (nats: number): number => nats * DECIBANS_PER_NAT;

/** The log-odds of a probability, for drawing on a scale where rare and likely are equally readable. */
export const logit = (p: number): number => Math.log(p / (1 - p));

/** A signed number of decibans, e.g. `+3.2`; the sign of something that rounds to zero is dropped. */
export const signedDecibans = (nats: number): string => signed(decibans(nats));

/** Two amounts of evidence (nats) that a sentence compares, in decibans: with as many decimals as it takes to see that they differ. */
export function comparedDecibans(one: number, other: number): [string, string] {
  let told: [string, string] = [signedDecibans(one), signedDecibans(other)];
  for (let digits = 2; told[0] === told[1] && one !== other && digits <= MOST_DIGITS; digits++) {
    const exact = (nats: number) => (nats < 0 ? MINUS : "+") + Math.abs(decibans(nats)).toFixed(digits);
    told = [exact(one), exact(other)];
  }
  return told;
}

/** A number with its sign and one decimal, e.g. `+3.2`; the sign of something that rounds to zero is dropped. */
export const signed = (value: number): string => written(tenths(value));

const tenths = (value: number): number => Math.round(Number(value.toFixed(1)) * 10);

function written(count: number): string {
  if (count === 0) return "0.0";
  return (count < 0 ? MINUS : "+") + (Math.abs(count) / 10).toFixed(1);
}

const EXACT = 1e-6;

/**
 * Contributions (nats) in decibans so that what is written adds up: the log-odds of the base rate, the parts, and their sum.
 * Each is rounded to a tenth; where the rounded ones miss the rounded sum, those that were rounded the furthest the wrong way
 * give the tenth that is missing. What is exactly 0 stays 0. Parts that do not add up exactly are written as they are: rounding
 * must not hide that. Reports write the same (interview/analysis/report/numbers.py).
 */
export function shifts(prior: number, parts: readonly number[], whole: number): string[] {
  const shown = parts.map((part) => tenths(decibans(part)));
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  if (Math.abs(prior + total(parts) - whole) > EXACT) return shown.map(written);
  const missing = tenths(decibans(whole)) - tenths(decibans(prior)) - total(shown);
  const step = missing > 0 ? 1 : -1;
  const excess = (at: number) => step * ((shown[at] ?? 0) - decibans(parts[at] ?? 0) * 10);
  const moving = [...parts.keys()].filter((at) => parts[at] !== 0);
  moving.sort((a, b) => excess(a) - excess(b));
  for (let turn = 0; moving.length > 0 && turn < Math.abs(missing); turn++) {
    const at = moving[turn % moving.length] ?? 0;
    shown[at] = (shown[at] ?? 0) + step;
  }
  return shown.map(written);
}

/** A probability as a percentage with two significant digits: `0.42%`, `3.7%`, `64%`. */
export function percent(p: number): string {
  const value = p * 100;
  if (p > 0 && value < 0.01) return "<0.01%";
  if (p < 1 && value > 99.99) return ">99.99%";
  return `${value.toFixed(percentDigits(value))}%`;
}

const MOST_DIGITS = 8;

/** Two probabilities that a sentence compares: with as many digits as it takes to see that they differ. */
export function compared(one: number, other: number): [string, string] {
  let told: [string, string] = [percent(one), percent(other)];
  let digits = Math.max(percentDigits(one * 100), percentDigits(other * 100));
  while (told[0] === told[1] && one !== other && digits < MOST_DIGITS) {
    digits += 1;
    told = [`${(one * 100).toFixed(digits)}%`, `${(other * 100).toFixed(digits)}%`];
  }
  return told;
}

function percentDigits(value: number): number {
  const toEdge = Math.min(value, 100 - value);
  if (toEdge === 0) return 0;
  if (toEdge < 1) return 2;
  return toEdge < 10 ? 1 : 0;
}

/** Both ends of an interval, e.g. `1.1–9.8%`. */
export function interval(low: number, high: number): string {
  return `${percent(low).replace("%", "")}–${percent(high)}`;
}

/** Media time as `m:ss` or `h:mm:ss`; `tenths` adds one decimal. */
export function clock(t: number, tenths = false): string {
  const whole = Math.floor(t);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const minutes = h > 0 ? `${h}:${two(m)}` : String(m);
  return `${minutes}:${two(s)}${tenths ? `.${Math.floor((t - whole) * 10 + 1e-6)}` : ""}`;
}

const two = (n: number) => String(n).padStart(2, "0");

/** Wall time of a record, to the second, in the reader's zone. */
export function dateTime(at: string): string {
  return new Date(at).toLocaleString(locale(), {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hour12: false,
  });
}

/** Wall time for lists: today by the clock, other days by date. */
export function shortDateTime(at: string, now: Date): string {
  const then = new Date(at);
  const time = `${two(then.getHours())}:${two(then.getMinutes())}`;
  if (then.toDateString() === now.toDateString()) return time;
  const day = `${two(then.getMonth() + 1)}-${two(then.getDate())}`;
  return then.getFullYear() === now.getFullYear() ? `${day} ${time}` : `${then.getFullYear()}-${day}`;
}

const locale = () => ({ "zh-Hans": "zh-CN", "zh-Hant": "zh-TW", en: "en-GB" })[language.value];
