import type { Screen } from "./screen";

/** Red, green, blue in linear light, 0..1. */
export type Light = readonly [number, number, number];

/** A change of colour takes this long. */
export const FADE_MS = 150;

/** The linear light of `#rrggbb` (IEC 61966-2-1). Raises for anything else. */
export function lightOf(hex: string): Light {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) throw new Error(`not a colour: ${hex}`);
  const at = (start: number) => {
    const coded = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return coded <= 0.04045 ? coded / 12.92 : ((coded + 0.055) / 1.055) ** 2.4;
  };
  return [at(1), at(3), at(5)];
}

/** A CSS colour of linear light. */
export function cssOf(light: Light): string {
  const coded = light.map((value) =>
    Math.round(255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055)),
  );
  return `rgb(${coded.join(" ")})`;
}

/** How far a raised cosine has come, 0..1. */
export const raisedCosine = (share: number): number =>
  0.5 - 0.5 * Math.cos(Math.PI * Math.min(1, Math.max(0, share)));

/** Between two lights. Mixed in linear light, so that between equally bright colours none is darker. */
export function mixed(from: Light, to: Light, share: number): Light {
  const between = (a: number, b: number) => a + (b - a) * share;
  return [between(from[0], to[0]), between(from[1], to[1]), between(from[2], to[2])];
}

/** Paint from one colour to another, frame by frame, beginning with the next one; returns the function that stops it. */
export function fade(
  from: string,
  to: string,
  screen: Pick<Screen, "frame">,
  paint: (css: string) => void,
): () => void {
  const [first, last] = [lightOf(from), lightOf(to)];
  let start: number | null = null;
  let stop = screen.frame(step);
  function step(at: number) {
    start ??= at;
    const share = (at - start) / FADE_MS;
    paint(cssOf(mixed(first, last, raisedCosine(share))));
    if (share < 1) stop = screen.frame(step);
  }
  return () => stop();
}
