import { expect, it } from "vitest";
import tokens from "./tokens.css?raw";

const themes = [...tokens.matchAll(/:root \{([^}]*--ground[^}]*)\}/g)].map(
  ([, block]) =>
    new Map([...(block ?? "").matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, k, v]) => [k, v])),
);

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const SOFT = ["accent", "fraud", "genuine", "caution", "danger", "good"];
const PAIRS = [
  ...["ink", "ink-2", "ink-3"].flatMap((ink) =>
    ["ground", "surface", "sunken", "accent-soft"].map((on) => [ink, on] as const),
  ),
  ...SOFT.flatMap((tone) => [`${tone}-soft`, "surface", "sunken"].map((on) => [tone, on] as const)),
];

it("has a light and a dark theme in which all text can be read: 4.5 to 1 at least", () => {
  expect(themes).toHaveLength(2);
  for (const theme of themes)
    for (const [ink, on] of PAIRS) {
      const [text, ground] = [theme.get(`--${ink}`) ?? "", theme.get(`--${on}`) ?? ""];
      expect(contrast(text, ground), `${ink} ${text} on ${on} ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
});
