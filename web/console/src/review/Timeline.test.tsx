import { useState } from "preact/hooks";
import { expect, it } from "vitest";
import { mount, type Page } from "../testing/mount";
import { reading } from "../testing/samples";
import { lanesOf } from "./lanes";
import { Timeline } from "./Timeline";

const lanes = lanesOf([
  reading({ start: 4, end: 5 }),
  reading({ start: 20, end: 21, score: 0.8 }),
  reading({
    kind: "voice_match",
    start: 10,
    end: 12,
    score: null,
    quality: null,
    type: "abstention",
    reason: "noisy",
  }),
]);

function Example({ onToggle = () => {} }: { onToggle?: () => void }) {
  const [t, setT] = useState(4);
  const [selected, setSelected] = useState<string | null>(null);
  return (
    <Timeline
      lanes={lanes}
      duration={60}
      t={t}
      selected={selected}
      onSelect={setSelected}
      onSeek={setT}
      onToggle={onToggle}
    />
  );
}

const spoken = (page: Page) => page.find("[role=slider]").getAttribute("aria-valuetext");

it("says where the playhead stands and what was read there", async () => {
  const page = await mount(<Example />);
  expect(spoken(page)).toBe("0:04. Face against ID photo, 0:04.0 to 0:05.0: score 0.600, quality 0.90");
});

it("goes by keys: seconds, readings, lanes", async () => {
  let toggles = 0;
  const onToggle = () => {
    toggles += 1;
  };
  const page = await mount(<Example onToggle={onToggle} />);
  const slider = page.find("[role=slider]");
  await page.key(slider, "]");
  expect(slider.getAttribute("aria-valuenow")).toBe("20");
  await page.key(slider, "j");
  await page.key(slider, "ArrowRight");
  await page.key(slider, "ArrowDown");
  expect(spoken(page)).toBe("0:11. Voice against reference, 0:10.0 to 0:12.0: Too much background noise");
  await page.key(slider, "k");
  expect(toggles).toBe(1);
});

it("stays within the interview", async () => {
  const page = await mount(<Example />);
  const slider = page.find("[role=slider]");
  await page.key(slider, "j");
  expect(slider.getAttribute("aria-valuenow")).toBe("0");
});

it("says that a lane has no reading here, and that there are no lanes at all", async () => {
  const page = await mount(<Example />);
  await page.press("Voice against reference");
  expect(page.text).toContain("Voice against reference: no reading at this moment");
  const empty = await mount(
    <Timeline
      lanes={[]}
      duration={1}
      t={0}
      selected={null}
      onSelect={() => {}}
      onSeek={() => {}}
      onToggle={() => {}}
    />,
  );
  expect(empty.text).toContain("No signal made a reading in this interview.");
});
