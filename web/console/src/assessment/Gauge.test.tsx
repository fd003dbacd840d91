import { describe, expect, it } from "vitest";
import { mount } from "../testing/mount";
import { Gauge, place } from "./Gauge";

describe("place", () => {
  it("is linear in the log-odds and stays on the scale", () => {
    expect(place(0.9) - place(0.5)).toBeCloseTo(place(0.5) - place(0.1), 9);
    expect([place(0), place(1)]).toEqual([0, 100]);
    expect(place(0.02)).toBeGreaterThan(place(0.01));
  });
});

it("draws the interval between its ends", async () => {
  const page = await mount(<Gauge probability={0.1} interval={[0.05, 0.2]} prior={0.01} />);
  const [interval, , point] = [...page.root.querySelectorAll<HTMLElement>("span")];
  expect(Number.parseFloat(interval?.style.left ?? "")).toBeCloseTo(place(0.05), 6);
  expect(Number.parseFloat(interval?.style.width ?? "")).toBeCloseTo(place(0.2) - place(0.05), 6);
  expect(Number.parseFloat(point?.style.left ?? "")).toBeCloseTo(place(0.1), 6);
});
