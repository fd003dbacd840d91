import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { Elapsed } from "./Elapsed";

it("counts from the start, never below zero", async () => {
  const start = "2026-11-24T08:00:00Z";
  const later = await mount(<Elapsed since={start} now={() => Date.parse(start) + 65_000} />);
  expect(later.text).toBe("1:05");
  const skewed = await mount(<Elapsed since={start} now={() => Date.parse(start) - 5_000} />);
  expect(skewed.text).toBe("0:00");
});
