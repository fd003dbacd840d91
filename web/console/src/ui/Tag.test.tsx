import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { Tag } from "./Tag";

it("says its word; the dot is decoration", async () => {
  const page = await mount(
    <Tag dot title="More">
      Live
    </Tag>,
  );
  expect(page.text).toBe("Live");
  expect(page.find("[aria-hidden=true]").textContent).toBe("");
  expect(page.find("[title=More]").textContent).toBe("Live");
});
