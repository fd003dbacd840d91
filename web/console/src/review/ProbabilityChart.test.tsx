import type uPlot from "uplot";
import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { assessment } from "../testing/samples";
import { ProbabilityChart } from "./ProbabilityChart";

const all = [assessment({ t: 1, probability: 0.5, interval: [0.4, 0.6], band: "refer" })];

function chart(t: number, onSeek: (t: number) => void = () => {}) {
  const over = document.createElement("div");
  const made: uPlot.AlignedData[] = [];
  const make = (_: uPlot.Options, data: uPlot.AlignedData) => {
    made.push(data);
    return { over, posToVal: () => 12, destroy: () => {} } as unknown as uPlot;
  };
  const node = (
    <ProbabilityChart assessments={all} duration={60} t={t} gutter={100} onSeek={onSeek} make={make} />
  );
  return { node, over, made };
}

it("says the number at the playhead to those who do not see the line", async () => {
  const before = await mount(chart(0).node);
  expect(before.find("[role=img]").getAttribute("aria-label")).toBe("No assessment yet");
  const after = await mount(chart(2).node);
  expect(after.find("[role=img]").getAttribute("aria-label")).toBe(
    "Fraud probability 50%, 90% interval 40–60%. Refer to a second reader.",
  );
});

it("puts the playhead on the chart's own scale", async () => {
  const page = await mount(chart(30).node);
  expect(page.find("[role=img] span").getAttribute("style")).toContain("0.5 + 100px");
});
