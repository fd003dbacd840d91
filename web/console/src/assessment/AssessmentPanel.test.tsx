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

it("says that there is nothing yet", async () => {
  expect((await mount(<AssessmentPanel assessment={null} />)).text).toContain("No assessment yet");
});
