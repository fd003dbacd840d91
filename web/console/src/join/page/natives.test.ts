import { expect, it } from "vitest";
import { nativesOf } from "./natives";

it("tells the browser's own functions from others, and leaves out those that are missing", () => {
  const hooked = function getUserMedia() {
    return "[native code]";
  };
  const bound = hooked.bind(null);
  const found = nativesOf({
    bound,
    Math: Math.max,
    Map,
    hooked,
    arrow: () => "{ [native code] }",
    missing: undefined,
  });
  expect(found).toEqual({ bound: false, Math: true, Map: true, hooked: false, arrow: false });
});
