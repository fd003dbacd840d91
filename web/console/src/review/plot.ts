import uPlot from "uplot";
import { clock, logit } from "../format";
import type { Assessment } from "../types";
import { tickStep } from "./lanes";
import type { Palette } from "./palette";

const EDGE = 1e-4;
const TICKS = [0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999];

export interface PlotSpace {
  width: number;
  height: number;
  duration: number;
  /** Room left for the names of the signals, so that chart and timeline share one time scale. */
  gutter: number;
  end: number;
}

/** Log-odds within what the chart shows. */
const bounded = (p: number) => logit(Math.min(1 - EDGE, Math.max(EDGE, p)));

/** Columns of the chart: time, probability, and both ends of its interval, in log-odds. */
export function plotData(assessments: readonly Assessment[]): uPlot.AlignedData {
  return [
    assessments.map((one) => one.t),
    assessments.map((one) => bounded(one.probability)),
    assessments.map((one) => bounded(one.interval[0])),
    assessments.map((one) => bounded(one.interval[1])),
  ];
}

/** The extent of the vertical scale: everything drawn, and at least 0.1 % to 90 %. */
export function plotRange(data: uPlot.AlignedData): [number, number] {
  const values = [...(data[2] as number[]), ...(data[3] as number[])];
  return [Math.min(logit(0.001), ...values) - 0.3, Math.max(logit(0.9), ...values) + 0.3];
}

export function plotOptions(space: PlotSpace, palette: Palette, data: uPlot.AlignedData): uPlot.Options {
  const [low, high] = plotRange(data);
  const splits = TICKS.map(logit).filter((tick) => tick >= low && tick <= high);
  const step = tickStep(space.duration, Math.max(2, (space.width - space.gutter) / 70));
  const axis = { stroke: palette["ink-3"], font: `11px ${fontFamily()}`, ticks: { show: false } };
  return {
    width: space.width,
    height: space.height,
    padding: [8, space.end, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false, setScale: false } },
    scales: { x: { time: false, range: [0, space.duration] }, y: { range: [low, high] } },
    axes: [
      {
        ...axis,
        size: 24,
        splits: () => everyStep(space.duration, step),
        values: (_, at) => at.map((t) => clock(t)),
        grid: { show: false },
      },
      {
        ...axis,
        size: space.gutter,
        splits: () => splits,
        values: (_, at) => at.map(tickLabel),
        grid: { stroke: palette.line, width: 1 },
      },
    ],
    series: [
      {},
      { stroke: palette.ink, width: 1.75, points: { show: false } },
      { stroke: "transparent", points: { show: false } },
      { stroke: "transparent", points: { show: false } },
    ],
    bands: [{ series: [3, 2], fill: `color-mix(in srgb, ${palette["ink-3"]} 26%, transparent)` }],
  };
}

/** A tick of the vertical scale: `0.1%`, `50%`. */
const tickLabel = (odds: number) => `${Number((100 / (1 + Math.exp(-odds))).toPrecision(3))}%`;

function everyStep(duration: number, step: number): number[] {
  return Array.from({ length: Math.floor(duration / step) + 1 }, (_, i) => i * step);
}

const fontFamily = () => getComputedStyle(document.body).fontFamily || "sans-serif";

export type MakePlot = (options: uPlot.Options, data: uPlot.AlignedData, into: HTMLElement) => uPlot;

export const makePlot: MakePlot = (options, data, into) => new uPlot(options, data, into);
