import { useState } from "preact/hooks";
import { expect, it } from "vitest";
import { answersOf, movementsOf } from "../movements/movements";
import { mount, type Page } from "../testing/mount";
import { movementReading, questionsOnly, reading, turnover } from "../testing/samples";
import { type Lane, lanesOf } from "./lanes";
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

const padLanes = lanesOf([
  reading({
    kind: "face_pad",
    start: 4,
    end: 8,
    score: 4.21,
    covariates: { moire_part: 0.3, mouth_part: 3.24, bands_part: 0.02, planarity_part: -1.2 },
  }),
  reading({ kind: "face_pad", start: 20, end: 24, covariates: { moire_part: 0, mouth_part: 0.05 } }),
]);

function Example({ onToggle = () => {}, shown = lanes }: { onToggle?: () => void; shown?: Lane[] }) {
  const [t, setT] = useState(4);
  const [selected, setSelected] = useState<string | null>(null);
  return (
    <Timeline
      lanes={shown}
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

it("names what a reading saw: all of it in a list, the strongest to who moves the slider", async () => {
  const page = await mount(<Example shown={padLanes} />);
  const items = () => [...page.root.querySelectorAll("ul[aria-label] li")].map((item) => item.textContent);
  expect(items()).toEqual([
    "Mouth still while speaking +3.2",
    "Moves like something flat \u22121.2",
    "Moiré pattern of a screen or print +0.3",
  ]);
  expect(spoken(page)).toContain(
    "score 4.210, quality 0.90. What it saw, in points before calibration: Mouth still while speaking +3.2 · Moves like something flat \u22121.2",
  );
  await page.key(page.find("[role=slider]"), "]");
  expect([items(), page.text.includes("Nothing stood out.")]).toEqual([[], true]);
});

it("has no list where the signal names no cues, and none between readings", async () => {
  const none = async (shown: Lane[]) => (await mount(<Example shown={shown} />)).has("ul[aria-label]");
  expect(await none(lanes)).toBe(false);
  const page = await mount(<Example shown={padLanes} />);
  await page.key(page.find("[role=slider]"), "l");
  expect([page.has("ul[aria-label]"), page.text.includes("Nothing stood out.")]).toEqual([false, false]);
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

const moved = [
  movementReading(),
  movementReading({ seq: 6, start: 30, end: 30.3, score: 4, covariates: { upper: 0 } }),
  movementReading({ seq: 7, start: 50, end: 51, covariates: { brief: 0 } }),
];

it("marks movements on their lane: brief ones of the upper face apart, and one stop for the keyboard", async () => {
  const shown: number[] = [];
  const page = await mount(
    <Timeline
      lanes={lanesOf([reading(), ...moved])}
      duration={60}
      t={0}
      selected={null}
      onSelect={() => {}}
      onSeek={() => {}}
      onToggle={() => {}}
      movements={movementsOf(moved)}
      answers={answersOf(questionsOnly(turnover), 60)}
      onMovement={({ seq }) => shown.push(seq)}
    />,
  );
  const markers = [...page.root.querySelectorAll<HTMLElement>("[role=toolbar] button")];
  expect(markers.map((one) => [one.dataset.shape, one.style.left, one.tabIndex])).toEqual([
    ["upper", `${(100 * 20) / 60}%`, 0],
    ["lower", "50%", -1],
    ["longer", `${(100 * 50) / 60}%`, -1],
  ]);
  expect(markers[0]?.getAttribute("aria-label")).toContain("Question 7");
  expect(markers[1]?.getAttribute("aria-label")).toContain("Question 7");
  expect(markers[2]?.getAttribute("aria-label")).toContain("Outside of every marked answer");
  markers[0]?.focus();
  await page.key(page.find("[role=toolbar]"), "ArrowRight");
  await page.key(page.find("[role=toolbar]"), "End");
  expect(document.activeElement).toBe(markers[2]);
  await page.key(page.find("[role=toolbar]"), "ArrowLeft");
  expect(document.activeElement).toBe(markers[1]);
  markers[1]?.click();
  expect(shown).toEqual([6]);
});

it("shows what an answer differs in, beside its question", async () => {
  const evidence = [{ media: "video" as const, start: 4, end: 20, box: null }];
  const covariates = { question_number: 2, p: 0.2, p_least: 0.1, q: 0.2, session_p: 0.2, z_latency_s: 3 };
  const shown = lanesOf([reading({ kind: "behaviour", start: 4, end: 50, evidence, covariates })]);
  const page = await mount(<Example shown={shown} />);
  expect(page.text).toContain("Time to the first word +3.0");
  expect(spoken(page)).toContain("0:04.0 to 0:20.0");
});
