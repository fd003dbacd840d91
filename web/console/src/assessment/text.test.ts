import { beforeEach, describe, expect, it } from "vitest";
import { language } from "../i18n";
import { adviceFor, familyName, gradeName, reasonText, signalName } from "./text";

beforeEach(() => {
  language.value = "en";
});

describe("words for evidence", () => {
  it("are there for what this console knows", () => {
    expect([signalName("face_match"), reasonText("too_dark"), adviceFor("too_dark")]).toEqual([
      "Face against ID photo",
      "The picture is too dark",
      "Ask the applicant to face a light.",
    ]);
  });

  it("fall back to the name for detectors and reasons that are newer", () => {
    expect([signalName("lip_sync"), reasonText("moon_phase"), adviceFor("moon_phase")]).toEqual([
      "lip sync",
      "Not measurable (moon_phase)",
      null,
    ]);
    expect([familyName("new_kind"), gradeName("fresh")]).toEqual(["new kind", "fresh"]);
  });
});
