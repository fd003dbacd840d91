import { describe, expect, it } from "vitest";
import { FakeScreen } from "../../testing/FakeScreen";
import { cssOf, FADE_MS, fade, lightOf, mixed, raisedCosine } from "./fade";

const PALETTE = ["#ff57fa", "#e18c30", "#30a7fa", "#30b830", "#a0a0a0"];
/** Relative luminance (WCAG 2.2). */
const luminance = ([r, g, b]: readonly number[]) => 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);

describe("light", () => {
  it.each([
    ["#000000", [0, 0, 0]],
    ["#ffffff", [1, 1, 1]],
    ["#bcbcbc", [0.5029, 0.5029, 0.5029]],
  ])("of %s is %j", (hex, expected) => {
    lightOf(hex).forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index] ?? -1, 4);
    });
  });

  it("goes there and back", () => {
    expect(PALETTE.map((one) => cssOf(lightOf(one)))).toEqual([
      "rgb(255 87 250)",
      "rgb(225 140 48)",
      "rgb(48 167 250)",
      "rgb(48 184 48)",
      "rgb(160 160 160)",
    ]);
  });

  it.each(["red", "#fff", "#12345g"])("is not known of %s", (text) => expect(() => lightOf(text)).toThrow());
});

it("never flashes: between any two colours of the challenge the luminance stays within a hundredth", () => {
  for (const from of PALETTE)
    for (const to of PALETTE)
      for (let share = 0; share <= 1; share += 0.05) {
        const y = luminance(mixed(lightOf(from), lightOf(to), share));
        expect(Math.abs(y - 0.35)).toBeLessThan(0.01);
      }
});

it("is a raised cosine: at rest at both ends, half way in the middle", () => {
  expect([-1, 0, 0.5, 1, 2].map(raisedCosine).map((one) => one.toFixed(3))).toEqual([
    "0.000",
    "0.000",
    "0.500",
    "1.000",
    "1.000",
  ]);
});

it("paints from the next frame on, and ends on the colour itself", () => {
  const [screen, painted] = [new FakeScreen(), [] as string[]];
  fade("#000000", "#ffffff", screen, (css) => painted.push(css));
  expect(painted).toEqual([]);
  screen.frames(0, FADE_MS / 2, FADE_MS, 2 * FADE_MS);
  expect(painted).toEqual(["rgb(0 0 0)", "rgb(188 188 188)", "rgb(255 255 255)"]);
});

it("stops when it is not needed any more", () => {
  const [screen, painted] = [new FakeScreen(), [] as string[]];
  const stop = fade("#000000", "#ffffff", screen, (css) => painted.push(css));
  screen.frames(0);
  stop();
  screen.frames(50);
  expect(painted).toEqual(["rgb(0 0 0)"]);
});
