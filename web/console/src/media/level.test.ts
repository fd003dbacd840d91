import { describe, expect, it } from "vitest";
import { loudness } from "./level";

const tone = (amplitude: number) =>
  Uint8Array.from({ length: 1024 }, (_, i) => Math.round(128 + amplitude * Math.sin((i * 2 * Math.PI) / 64)));

describe("loudness", () => {
  it("is 0 for silence", () => expect(loudness(new Uint8Array(1024).fill(128))).toBe(0));

  it("is 1 for a loud voice", () => expect(loudness(tone(127))).toBe(1));

  it("follows decibels: a sine of a tenth of full scale is -23 dB", () => {
    expect(loudness(tone(12.8))).toBeCloseTo((-23.01 + 60) / 50, 1);
  });
});
