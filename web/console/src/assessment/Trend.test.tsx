import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { assessment } from "../testing/samples";
import { Trend, trendPoints } from "./Trend";

const way = [0.01, 0.05, 0.2].map((probability, t) => assessment({ t, probability }));

it("goes from left to right, and up when the probability rises", () => {
  const points = trendPoints(way)
    .split(" ")
    .map((one) => one.split(",").map(Number) as [number, number]);
  expect(points.map(([x]) => x)).toEqual([0, 180, 360]);
  const [first, second, third] = points.map(([, y]) => y) as [number, number, number];
  expect(first > second && second > third).toBe(true);
});

it("names both ends, and is not drawn before there is a way", async () => {
  expect((await mount(<Trend assessments={way} />)).text).toBe("0:00: 1.0%0:02: 20%");
  expect((await mount(<Trend assessments={way.slice(0, 2)} />)).text).toBe("");
});
