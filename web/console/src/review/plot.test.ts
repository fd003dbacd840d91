import { expect, it } from "vitest";
import { logit } from "../format";
import { assessment } from "../testing/samples";
import { plotData, plotOptions, plotRange } from "./plot";

const space = { width: 600, height: 160, duration: 60, gutter: 100, end: 10 };
const palette = {
  ink: "#000",
  "ink-3": "#888",
  line: "#ccc",
  "line-strong": "#bbb",
  accent: "#00f",
  "accent-soft": "#eef",
  fraud: "#a40",
  surface: "#fff",
};

it("draws log-odds over media time, within bounds that can be drawn", () => {
  const data = plotData([assessment({ t: 1, probability: 0.5, interval: [0, 1] })]);
  expect(data[0]).toEqual([1]);
  expect(data[1]).toEqual([0]);
  expect((data[2] as number[]).concat(data[3] as number[]).every(Number.isFinite)).toBe(true);
});

it("shows at least 0.1 % to 90 %, and all there is", () => {
  const [low, high] = plotRange(plotData([assessment({ interval: [0.4, 0.995] })]));
  expect(low).toBeLessThan(logit(0.001));
  expect(high).toBeGreaterThan(logit(0.995));
});

it("labels probabilities, not log-odds", () => {
  const data = plotData([assessment()]);
  const [, axis] = plotOptions(space, palette, data).axes ?? [];
  if (!axis) throw new Error("the chart has a vertical axis");
  const splits = (axis.splits as () => number[])();
  const labels = (axis.values as (plot: unknown, at: number[]) => string[])(null, splits);
  expect(labels).toEqual(["0.1%", "1%", "10%", "50%", "90%"]);
});
