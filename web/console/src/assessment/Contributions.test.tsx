import { expect, it } from "vitest";
import { decibans, logit } from "../format";
import { mount } from "../testing/mount";
import { assessment, reading } from "../testing/samples";
import { Contributions } from "./Contributions";
import { Reasons } from "./Reasons";

const [sample] = assessment().contributions;
if (!sample) throw new Error("the sample has a contribution");

const count = "Measurements: 9, limits −13 to 17 dB, evidence grade: measured";

it("adds up in decibans: base rate, signals by strength, sum", async () => {
  const contributions = [
    { ...sample, contribution: 0.2 },
    { ...sample, kind: "voice_match", contribution: -1, evidence: [] },
  ];
  const page = await mount(<Contributions assessment={assessment({ contributions, log_odds: -5.395 })} />);
  const rows = [...page.root.querySelectorAll("tbody tr, tfoot tr")].map((row) => row.textContent);
  expect(rows).toEqual([
    "Base rate1.0%−20.0",
    `Voice against reference${count}−4.3`,
    `Face against ID photo${count}+0.9`,
    "Together3.7%−23.4",
  ]);
});

it("is written so that it adds up, where figures rounded each for itself would not", async () => {
  const part = 0.34 / decibans(1);
  const kinds = ["face_match", "face_pad", "voice_match"];
  const contributions = kinds.map((kind) => ({ ...sample, kind, contribution: part }));
  const codes = kinds.map((kind) => ({ code: "R101", kind, contribution: part }));
  const one = assessment({ contributions, codes, log_odds: logit(0.01) + 3 * part });
  const page = await mount(<Contributions assessment={one} />);
  const written = [...page.root.querySelectorAll("tr td:last-child")].map((cell) => cell.textContent);
  expect(written).toEqual(["−20.0", "+0.4", "+0.4", "+0.3", "−18.9"]);
  const reasons = await mount(<Reasons assessment={one} open />);
  expect(reasons.text.match(/\+0\.\d/g)).toEqual(["+0.4", "+0.4", "+0.3"]);
});

it("labels what rests on simulated data where everybody sees it", async () => {
  const shown = async (grade: string) =>
    (await mount(<Contributions assessment={assessment({ contributions: [{ ...sample, grade }] })} />)).find(
      "tbody tr:nth-child(2) th",
    ).textContent;
  expect(await shown("simulated")).toBe("Face against ID photosimulated");
  expect(await shown("measured")).toBe("Face against ID photo");
});

it("leads to the evidence where there is some", async () => {
  const jumps: string[] = [];
  const page = await mount(
    <Contributions assessment={assessment()} onJump={(one) => jumps.push(one.kind)} />,
  );
  await page.press("Go to the evidence of Face against ID photo");
  expect(jumps).toEqual(["face_match"]);
});

it("says so when nothing was measured", async () => {
  const page = await mount(<Contributions assessment={assessment({ contributions: [] })} />);
  expect(page.text).toContain("No calibrated signal has measured anything yet.");
});

it("tells what a signal's newest reading saw: the two strongest cues, under its name and in its tooltip", async () => {
  const contributions = [{ ...sample, kind: "face_pad" }, sample];
  const covariates = { moire_part: 0.4, mouth_part: 3.2, bands_part: 1.1 };
  const latest = new Map([["face_pad", reading({ kind: "face_pad", covariates })]]);
  const page = await mount(<Contributions assessment={assessment({ contributions })} latest={latest} />);
  const list = page.find("tr[id]");
  expect([list.hidden, page.root.querySelectorAll("[aria-expanded]").length]).toEqual([true, 1]);
  await page.press("Live face, not a replay");
  expect(list.hidden).toBe(false);
  expect(page.find("[aria-expanded=true]").getAttribute("aria-controls")).toBe(list.id);
  const items = [...list.querySelectorAll("li")].map((item) => item.textContent);
  expect(items).toEqual(["Mouth still while speaking +3.2", "Bands of a screen's refresh +1.1"]);
  expect(page.find("th[title*=Mouth]").title).toContain(
    "What it saw, in points before calibration: Mouth still while speaking +3.2 · Bands of a screen's refresh +1.1",
  );
});
