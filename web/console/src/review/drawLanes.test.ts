import { expect, it } from "vitest";
import { reading } from "../testing/samples";
import { across, drawLanes, LANE_PX } from "./drawLanes";
import { lanesOf } from "./lanes";

const colours = { measured: "blue", abstained: "grey", line: "line", selected: "pale" };

/** A canvas that remembers what was filled. */
function record() {
  const fills: { colour: string; alpha: number; box: number[] }[] = [];
  const canvas = {
    globalAlpha: 1,
    fillStyle: "",
    clearRect: () => {},
    fillRect(...box: number[]) {
      fills.push({ colour: this.fillStyle, alpha: this.globalAlpha, box });
    },
  };
  return { canvas: canvas as unknown as CanvasRenderingContext2D, fills };
}

it("places readings by time, height and quality", () => {
  const { canvas, fills } = record();
  const lanes = lanesOf([
    reading({ start: 0, end: 10, score: 0, quality: 0 }),
    reading({ start: 50, end: 60, score: 1, quality: 1 }),
    reading({ start: 80, end: 90, score: null, type: "abstention" }),
  ]);
  drawLanes(canvas, lanes, { width: 200, duration: 100, selected: "face_match" }, colours);
  const marks = fills.filter((one) => one.colour === "blue" && one.alpha >= 0.25);
  expect(marks.map((one) => [one.box[0], one.box[2], one.alpha])).toEqual([
    [0, 20, 0.25],
    [100, 20, 1],
  ]);
  expect(marks[0]?.box[1]).toBeGreaterThan(marks[1]?.box[1] ?? Infinity);
  expect(fills.filter((one) => one.colour === "grey").map((one) => one.box[0])).toEqual([160]);
  expect(fills[0]).toEqual({ colour: "pale", alpha: 1, box: [0, 0, 200, LANE_PX] });
});

it("keeps the shortest reading visible", () => {
  expect(across(1, 1, { width: 100, duration: 1000, selected: null })).toEqual([0.1, 3]);
});
