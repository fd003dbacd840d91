import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { Coverage } from "./Coverage";

it("writes and draws the same share", async () => {
  const page = await mount(<Coverage value={0.41} />);
  expect(page.text).toBe("Coverage41% (Share of the obtainable information that was measured)");
  expect(page.find("[aria-hidden] span").style.width).toBe("41%");
});
