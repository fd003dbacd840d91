import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { invitation } from "../testing/samples";
import { Frame } from "./Frame";

it("says who invites and which step it is", async () => {
  const page = await mount(
    <Frame invitation={invitation} step={2}>
      content
    </Frame>,
  );
  expect(page.text).toContain("Test Bank");
  expect(page.find("[aria-current=step]").textContent).toBe("Camera");
  expect(page.find("ol").getAttribute("aria-label")).toBe("Step 2 of 3");
  expect(page.find("main").textContent).toBe("content");
});
