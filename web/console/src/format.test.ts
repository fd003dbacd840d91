import { describe, expect, it } from "vitest";
import cases from "../../../tests/interview/analysis/numbers.json";
import {
  clock,
  compared,
  comparedDecibans,
  decibans,
  interval,
  logit,
  percent,
  shifts,
  shortDateTime,
  signed,
  signedDecibans,
} from "./format";

const nats = (value: number) => value / decibans(1);

describe("numbers are written as reports and the terminal write them: these cases are read by both", () => {
  it.each(cases.percent)("a probability %f as %s", (share, text) => {
    expect(percent(share as number)).toBe(text);
  });

  it.each(cases.compared)("%f and %f, compared, are seen to differ", (one, other, ...told) => {
    expect(compared(one as number, other as number)).toEqual(told);
  });

  it.each(cases.compared_decibans)("%f and %f nats, compared, are seen to differ", (one, other, ...told) => {
    expect(comparedDecibans(one as number, other as number)).toEqual(told);
  });

  it.each(cases.signed)("%f with its sign as %s", (value, text) => {
    expect(signed(value as number)).toBe(text);
  });

  it.each(cases.shifts)("contributions that add up as they are written", (one) => {
    expect(shifts(nats(one.prior), one.parts.map(nats), nats(one.whole))).toEqual(one.shown);
  });
});

describe("format", () => {
  it("knows decibans: a likelihood ratio of 10 is 10 dB", () => {
    expect(decibans(Math.log(10))).toBeCloseTo(10, 12);
    expect(decibans(-Math.log(100))).toBeCloseTo(-20, 12);
  });

  it.each([
    [0.74, "+3.2"],
    [-0.74, "−3.2"],
    [0.001, "0.0"],
    [-0.001, "0.0"],
  ])("signs %f nats as %s", (nats, expected) => expect(signedDecibans(nats)).toBe(expected));

  it.each([
    [0, "0%"],
    [0.00001, "<0.01%"],
    [0.0042, "0.42%"],
    [0.037, "3.7%"],
    [0.64, "64%"],
    [0.953, "95.3%"],
    [0.9961, "99.61%"],
    [0.99999, ">99.99%"],
    [1, "100%"],
  ])("writes %f as %s", (p, expected) => expect(percent(p)).toBe(expected));

  it("writes an interval with one sign", () => expect(interval(0.011, 0.098)).toBe("1.1–9.8%"));

  it("is symmetric in log-odds", () => expect(logit(0.9)).toBeCloseTo(-logit(0.1), 12));

  it.each([
    [0, false, "0:00"],
    [65.99, false, "1:05"],
    [65.99, true, "1:05.9"],
    [3725, false, "1:02:05"],
  ])("writes media time %f", (t, tenths, expected) => expect(clock(t, tenths)).toBe(expected));

  it("says the time of today, the date of other days", () => {
    const now = new Date(2026, 10, 24, 12, 0);
    expect(shortDateTime(new Date(2026, 10, 24, 9, 5).toISOString(), now)).toBe("09:05");
    expect(shortDateTime(new Date(2026, 10, 3, 9, 5).toISOString(), now)).toBe("11-03 09:05");
    expect(shortDateTime(new Date(2025, 10, 3, 9, 5).toISOString(), now)).toBe("2025-11-03");
  });
});

it("shows tenths as they are, not a tenth less for want of a bit", () => {
  expect([1.2, 4.1, 8.7, 59.9].map((t) => clock(t, true))).toEqual(["0:01.2", "0:04.1", "0:08.7", "0:59.9"]);
});
