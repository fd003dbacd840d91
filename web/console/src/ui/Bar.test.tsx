import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { Bar } from "./Bar";

it("is as long as its share, and says nothing by itself", async () => {
  const page = await mount(<Bar share={0.41} />);
  expect(page.find("[aria-hidden=true] > span").style.width).toBe("41%");
  expect(page.text).toBe("");
});
