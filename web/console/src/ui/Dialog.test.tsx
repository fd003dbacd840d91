import { useState } from "preact/hooks";
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

function Opener() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Open
      </button>
      {open && (
        <Dialog title="Sure?" actions={<button type="button">Yes</button>} onClose={() => setOpen(false)}>
          <input id="inside" />
        </Dialog>
      )}
    </>
  );
}

it("gives the focus back to what opened it", async () => {
  const page = await mount(<Opener />);
  const opener = page.button("Open");
  opener.focus();
  await page.press("Open");
  page.find("#inside").focus();
  await page.fire(page.find("dialog"), "cancel");
  expect(document.activeElement).toBe(opener);
});
