import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { Dialog } from "./Dialog";

it("opens as a modal with its title as its name, and closes by Escape through its owner", async () => {
  let closed = 0;
  const onClose = () => {
    closed += 1;
  };
  const page = await mount(
    <Dialog title="Sure?" actions={<button type="button">Yes</button>} onClose={onClose}>
      Text
    </Dialog>,
  );
  const dialog = page.find<HTMLDialogElement>("dialog");
  expect(dialog.open).toBe(true);
  expect(document.getElementById(dialog.getAttribute("aria-labelledby") ?? "")?.textContent).toBe("Sure?");
  await page.fire(dialog, "cancel");
  expect(closed).toBe(1);
});
