import { describe, expect, it } from "vitest";
import { stallWatch } from "./stall";

function watch(...counts: number[]): boolean[] {
  const changes: boolean[] = [];
  const look = stallWatch((moving) => changes.push(moving));
  for (const count of counts) look(count);
  return changes;
}

describe("stallWatch", () => {
  it("says once that a video moves", () => expect(watch(0, 12, 40, 70)).toEqual([true]));

  it("forgives two looks without a new frame, not three", () => {
    expect(watch(10, 10, 10, 11)).toEqual([true]);
    expect(watch(10, 10, 10, 10)).toEqual([true, false]);
  });

  it("notices that it moves again, also from a fresh count", () => {
    expect(watch(10, 10, 10, 10, 11)).toEqual([true, false, true]);
    expect(watch(10, 0, 0, 0, 5)).toEqual([true, false, true]);
  });

  it("says nothing about a video that never came", () => expect(watch(0, 0, 0, 0, 0)).toEqual([]));
});
