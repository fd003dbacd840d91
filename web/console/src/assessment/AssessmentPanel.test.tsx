import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { assessment } from "../testing/samples";
import { AssessmentPanel } from "./AssessmentPanel";

it("shows the number with what supports it", async () => {
  const page = await mount(<AssessmentPanel assessment={assessment()} live />);
  for (const part of [
    "3.7%",
    "90% interval 1.1–9.8%",
    "Check further",
    "Coverage50%",
    "Most probable kind: Another person",
    "Nobody is speaking",
    "Calibration fit-1, policy policy-1",
  ])
    expect(page.text).toContain(part);
  expect(page.find("[aria-live=polite]").textContent).toBe("Check further");
});

it("names no kind of fraud when nothing points to one", async () => {
  const page = await mount(<AssessmentPanel assessment={assessment({ contributions: [] })} />);
  expect(page.text).not.toContain("Most probable kind");
});

it("shows both probabilities where behaviour counts, and which one the proposal rests on", async () => {
  const without_behaviour = {
    probability: 0.031,
    interval: [0.009, 0.08] as [number, number],
    log_odds: -3.44,
    band: "step_up" as const,
    band_with: "refer" as const,
  };
  const page = await mount(<AssessmentPanel assessment={assessment({ without_behaviour })} />);
  expect(page.text).toContain("3.7% with behaviour, 3.1% without; the proposal rests on the second.");
  expect(page.text).not.toContain("Refer");
});

it("does not speak of behaviour where it does not count", async () => {
  const page = await mount(<AssessmentPanel assessment={assessment()} />);
  expect(page.text).not.toContain("behaviour");
});

it("says that there is nothing yet", async () => {
  expect((await mount(<AssessmentPanel assessment={null} />)).text).toContain("No assessment yet");
});
