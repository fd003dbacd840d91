import { useState } from "preact/hooks";
import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { Tabs } from "./Tabs";

const TABS = [
  { id: "a", label: "First" },
  { id: "b", label: "Second" },
];

function Example() {
  const [selected, setSelected] = useState("a");
  return (
    <Tabs tabs={TABS} selected={selected} onSelect={setSelected}>
      content of {selected}
    </Tabs>
  );
}

it("shows one panel, named by its tab", async () => {
  const page = await mount(<Example />);
  await page.press("Second");
  const panel = page.find("[role=tabpanel]");
  expect(panel.textContent).toBe("content of b");
  expect(document.getElementById(panel.getAttribute("aria-labelledby") ?? "")?.textContent).toBe("Second");
});

it("moves with the arrows, around the ends, one tab stop for all", async () => {
  const page = await mount(<Example />);
  await page.key(page.button("First"), "ArrowLeft");
  expect(page.button("Second").getAttribute("aria-selected")).toBe("true");
  expect([page.button("First").tabIndex, page.button("Second").tabIndex]).toEqual([-1, 0]);
  expect(document.activeElement?.textContent).toBe("Second");
});
