import { describe, expect, it } from "vitest";
import { isTyping, keyAction } from "./keys";

const press = (key: string, init: KeyboardEventInit = {}) => new KeyboardEvent("keydown", { key, ...init });

describe("keys", () => {
  it("J, K and L work anywhere, upper case too", () => {
    expect(keyAction(press("k"), false)).toEqual({ do: "toggle" });
    expect(keyAction(press("J"), false)).toEqual({ do: "skip", seconds: -10 });
    expect(keyAction(press("l"), false)).toEqual({ do: "skip", seconds: 10 });
  });

  it("arrows belong to the timeline alone", () => {
    expect(keyAction(press("ArrowRight"), false)).toBe(null);
    expect(keyAction(press("ArrowRight"), true)).toEqual({ do: "skip", seconds: 1 });
    expect(keyAction(press("ArrowDown"), true)).toEqual({ do: "lane", by: 1 });
  });

  it("leaves the browser's own shortcuts alone", () => {
    expect(keyAction(press("l", { ctrlKey: true }), true)).toBe(null);
    expect(keyAction(press("q"), true)).toBe(null);
  });

  it("knows when somebody is typing", () => {
    expect([isTyping(document.createElement("textarea")), isTyping(document.body), isTyping(null)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
