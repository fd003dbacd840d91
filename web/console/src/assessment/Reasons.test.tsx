import { beforeEach, expect, it } from "vitest";
import { language } from "../i18n";
import { mount } from "../testing/mount";
import { assessment } from "../testing/samples";
import { Reasons } from "./Reasons";
import { checkText, codeText } from "./taxonomy";

beforeEach(() => {
  language.value = "en";
});

const codes = [
  { code: "R101", kind: "face_match", contribution: 1.335 },
  { code: "R502", kind: "voice_pad", contribution: -0.4 },
  { code: "N303", kind: "voice_match", contribution: 0 },
];

it("gives each reason its code, its sentence and its decibans, in the service's order", async () => {
  const page = await mount(<Reasons assessment={assessment({ codes })} open />);
  expect([...page.root.querySelectorAll("li")].map((row) => row.textContent)).toEqual([
    "R101The face does not look like the person on the ID photo+5.8",
    "R502The voice sounds like a person speaking live\u22121.7",
  ]);
});

it("is there in every language", () => {
  language.value = "zh-Hans";
  expect(codeText("R101")).toBe("人脸与证件照不像同一人");
  language.value = "zh-Hant";
  expect(codeText("R101")).toBe("人臉與證件照不像同一人");
  expect(checkText("light")).toBe("請申請人面向均勻的光源");
});

it("goes by the signal's name where a code is newer than this console", async () => {
  const page = await mount(
    <Reasons
      assessment={assessment({ codes: [{ code: "R999", kind: "face_pad", contribution: 1 }] })}
      open={false}
    />,
  );
  expect(page.text).toContain("R999Live face, not a replay+4.3");
  expect(page.find("details").hasAttribute("open")).toBe(false);
  expect(checkText("moon_walk")).toBe("moon walk");
});

it("is not there where nothing has moved the probability", async () => {
  expect((await mount(<Reasons assessment={assessment({ codes: codes.slice(2) })} open />)).text).toBe("");
});
