import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { assessment } from "../testing/samples";
import { AssessmentPanel } from "./AssessmentPanel";
import { VoiceDecision } from "./VoiceDecision";

it("gives the voice alone in decibans, with what it is made of", async () => {
  const voice = { llr: Math.log(10), impostor: -Math.log(100), spoof: null };
  const page = await mount(<VoiceDecision voice={voice} />);
  const told = [...page.root.querySelectorAll("dd")].map((each) => each.textContent);
  expect(told.slice(0, 3)).toEqual(["+10.0 dB", "−20.0 dB", "not counted"]);
  expect(page.text).toContain("not added to it");
});

it("is left out where no voice was measured", async () => {
  expect((await mount(<VoiceDecision voice={null} />)).text).toBe("");
});

it("stands below what moves the probability", async () => {
  const voice = { llr: 0, impostor: 0, spoof: 0 };
  const page = await mount(<AssessmentPanel assessment={assessment({ voice })} />);
  expect(page.text.indexOf("What moves it")).toBeLessThan(page.text.indexOf("The voice alone"));
});
