import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole } from "../testing/mount";
import { movementReading, movementReplay, questionsOnly, turnover } from "../testing/samples";
import { answersOf, type Movement, movementOf } from "./movements";
import { ReplayDialog } from "./ReplayDialog";

const [answer = null] = answersOf(questionsOnly(turnover), 60);

function movement(covariates: Record<string, number> = {}): Movement {
  const found = movementOf(movementReading({ covariates }));
  if (!found) throw new Error("no movement");
  return found;
}

const replayed = () => new FakeService().answers("GET /api/sessions/s1/movements/5/replay", movementReplay);

it("says what moved, how far, in which question, and never why", async () => {
  const page = await mountInConsole(
    <ReplayDialog session="s1" movement={movement()} answer={answer} onClose={() => {}} />,
    replayed(),
  );
  expect(page.find("h2").textContent).toBe("Brief movement at 0:20.0");
  for (const said of [
    "Question 7 · What was your turnover last year?",
    "right inner eyebrow, right outer eyebrow",
    "0.36 s long, 2.1% of the distance between the eyes, 6.5 times the unrest of this face",
    "A movement of the face. It does not tell why.",
  ])
    expect(page.text).toContain(said);
  expect(page.text).not.toContain("training material");
  expect(page.text).not.toMatch(/\blie|decei|suspicious|nervous/i);
});

it("gives resemblance where it was compared, as what it is", async () => {
  const compared = movement({
    negative: 0.62,
    positive: 0.11,
    surprise: 0.27,
    unit_AU1_left: 0.7,
    unit_AU1_right: 0.9,
    unit_AU2_left: 0.5,
  });
  const page = await mountInConsole(
    <ReplayDialog session="s1" movement={compared} answer={null} onClose={() => {}} />,
    replayed(),
  );
  expect(page.text).toContain("Resembles movements labelled so in the training material");
  expect(page.text).toContain("negative 62% · positive 11% · surprise 27%");
  expect(page.text).toContain("AU1, AU2 left");
  expect(page.text).toContain("Outside of every marked answer");
});

it("says what keeps it from being shown, and tries again", async () => {
  const service = new FakeService().refuses("GET /api/sessions/s1/movements/5/replay", "not_found", 404);
  const page = await mountInConsole(
    <ReplayDialog session="s1" movement={movement()} answer={answer} onClose={() => {}} />,
    service,
  );
  expect(page.text).toContain("not_found in English");
  service.answers("GET /api/sessions/s1/movements/5/replay", movementReplay);
  await page.press("Try again");
  expect(page.has("input[type=range]")).toBe(true);
});

it("says nothing about the answer while it is not known what was asked", async () => {
  const page = await mountInConsole(
    <ReplayDialog session="s1" movement={movement()} answer={undefined} onClose={() => {}} />,
    replayed(),
  );
  const named = [...page.root.querySelectorAll("dt")].map((one) => one.textContent);
  expect(named).toEqual(["Moved", "Measured"]);
});

it("closes by its button and by Escape", async () => {
  let closed = 0;
  const page = await mountInConsole(
    <ReplayDialog session="s1" movement={movement()} answer={null} onClose={() => (closed += 1)} />,
    replayed(),
  );
  await page.press("Close");
  await page.fire(page.find("dialog"), "cancel");
  expect(closed).toBe(2);
});
