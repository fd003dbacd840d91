import { expect, it } from "vitest";
import { assessment } from "../testing/samples";
import { withNewest } from "./followSession";

const at = (...times: number[]) => times.map((t) => assessment({ t }));

it("adds what is newer", () => {
  expect(withNewest(at(1, 2), assessment({ t: 3 })).map((one) => one.t)).toEqual([1, 2, 3]);
});

it("lets an analysis that began again replace what it repeats", () => {
  expect(withNewest(at(1, 2, 3), assessment({ t: 2 })).map((one) => one.t)).toEqual([1, 2]);
});
