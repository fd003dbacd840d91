import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { movementReading, questionsOnly, turnover } from "../testing/samples";
import { LiveMovements } from "./LiveMovements";
import { MovementList } from "./MovementList";
import { answersOf, movementsOf } from "./movements";

const movements = movementsOf([
  movementReading(),
  movementReading({ seq: 6, start: 45, end: 46.2, covariates: { brief: 0, upper: 0, region_chin: 1 } }),
]);
const answers = answersOf(questionsOnly(turnover), 60);

it("names each movement's moment, place and question, and leads to it", async () => {
  const shown: number[] = [];
  const page = await mount(
    <MovementList movements={movements} answers={answers} onShow={({ seq }) => shown.push(seq)} />,
  );
  const items = [...page.root.querySelectorAll("li")].map((item) => item.textContent);
  expect(items[0]).toBe(
    "0:20.0right inner eyebrow, right outer eyebrowBrief movement · Question 7Show again",
  );
  expect(items[1]).toContain("chinLonger movement · Outside of every marked answer");
  await page.press(
    "Show again: Brief movement at 0:20.0: right inner eyebrow, right outer eyebrow. Question 7",
  );
  expect(shown).toEqual([5]);
  expect(page.text).toContain("It does not tell why.");
});

it("says nothing about the answer while it is not known what was asked", async () => {
  const page = await mount(<MovementList movements={movements} answers={undefined} onShow={() => {}} />);
  expect(page.find("li").textContent).toBe(
    "0:20.0right inner eyebrow, right outer eyebrowBrief movementShow again",
  );
  page.button("Show again: Brief movement at 0:20.0: right inner eyebrow, right outer eyebrow.");
  const live = await mount(<LiveMovements movements={movements} questions={undefined} />);
  expect(live.text).not.toContain("Outside of every marked answer");
});

it("is not there where nothing moved", async () => {
  expect((await mount(<MovementList movements={[]} answers={[]} />)).text).toBe("");
});

it("offers no replay during the call, and says when there is one", async () => {
  const page = await mount(
    <LiveMovements
      movements={movements.slice(0, 1)}
      questions={questionsOnly({ ...turnover, ended_s: null, until_s: 138 })}
    />,
  );
  expect(page.text).toContain("Movements of the face (1)");
  expect(page.text).toContain("Brief movement · Question 7");
  expect(page.text).toContain("once the interview has ended");
  expect(page.has("button")).toBe(false);
});
