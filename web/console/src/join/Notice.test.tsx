import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { Notice } from "./Notice";

it("is one message with what to do", async () => {
  const page = await mount(<Notice title="Ended" text="Thank you." hint="Close the page." />);
  expect(page.find("h1").textContent).toBe("Ended");
  expect(page.find("[role=status]").textContent).toBe("Thank you.");
  expect(page.text).toContain("Close the page.");
});
