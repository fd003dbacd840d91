import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { Icon } from "./Icon";

it("is drawn, and hidden from screen readers", async () => {
  const page = await mount(<Icon name="check" size={12} />);
  const svg = page.find("svg");
  expect([svg.getAttribute("aria-hidden"), svg.getAttribute("width")]).toEqual(["true", "12"]);
  expect(page.find("path").getAttribute("d")).toMatch(/^m3 8.5/);
});
