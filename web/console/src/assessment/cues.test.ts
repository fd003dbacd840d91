import { beforeEach, expect, it } from "vitest";
import { language } from "../i18n";
import { cues as en } from "../messages/en/cues";
import { reading } from "../testing/samples";
import names from "./cueNames.json";
import { cuesInWords, cuesOf, LEAST_SHOWN, namesCues } from "./cues";

beforeEach(() => {
  language.value = "en";
});

const seen = reading({
  kind: "face_pad",
  covariates: {
    luma: 93,
    mouth: -0.6,
    mouth_part: 3.24,
    planarity_part: -1.2,
    network_part: 1.5,
    moire_part: 0.04,
  },
});

it("lists what moved the score, strongest first, whichever way", () => {
  expect(cuesOf(seen)).toEqual([
    { key: "mouth_part", name: "Mouth still while speaking", points: 3.24 },
    { key: "network_part", name: "Verdict of two networks on the picture", points: 1.5 },
    { key: "planarity_part", name: "Moves like something flat", points: -1.2 },
  ]);
});

it("lists neither what would read as nothing nor what this console has no words for", () => {
  const points = {
    cue_repeats: LEAST_SHOWN,
    cue_frozen: -0.0999,
    cue_stutter: 0,
    cue_moon_phase: 4,
    toString: 2,
  };
  const odd = reading({ kind: "injection_frames", covariates: points });
  expect(cuesOf(odd).map(({ name }) => name)).toEqual(["Earlier stretch shown again"]);
});

it("says by how many milliseconds the sound is behind or ahead, where that is known", () => {
  const name = (covariates: Record<string, number>) =>
    cuesOf(reading({ kind: "av_sync", covariates: { offset_part: 3, ...covariates } }))[0]?.name;
  expect(name({})).toBe("Sound shifted against the picture");
  expect(name({ offset_ms: 240.4 })).toBe("Sound 240 ms behind the picture");
  expect(name({ offset_ms: -119.6 })).toBe("Sound 120 ms ahead of the picture");
});

it("says since when another voice is heard, where that is known", () => {
  const name = (covariates: Record<string, number>) =>
    cuesOf(reading({ kind: "voice_continuity", covariates: { changed_part: 3, ...covariates } }))[0]?.name;
  expect(name({})).toBe("Another voice than at first");
  expect(name({ changed_s: 83.4 })).toBe("Another voice than at first, since 1:23");
});

it("tells a detector that names its cues, even where none is strong enough to list, from one that does not", () => {
  expect(namesCues(reading({ covariates: { cue_stutter: 0 } }))).toBe(true);
  expect(namesCues(reading({ covariates: { luma: 93 } }))).toBe(false);
});

it("puts cues into one sentence in the page's language, and says nothing where there are none", () => {
  expect(cuesInWords(cuesOf(seen).slice(0, 2))).toBe(
    "What it saw, in points before calibration: Mouth still while speaking +3.2 · Verdict of two networks on the picture +1.5",
  );
  language.value = "zh-Hant";
  expect(cuesInWords(cuesOf(seen).slice(2))).toBe("所見跡象（校準前分值）：運動方式如平面物體 −1.2");
  expect(cuesInWords([])).toBe("");
});

it("has words for exactly the cues that the service is known to give", () => {
  expect(Object.keys(en)).toEqual([
    ...names.face_pad,
    ...names.av_sync,
    ...names.voice_continuity,
    ...names.voice_over,
    ...names.injection,
  ]);
});
