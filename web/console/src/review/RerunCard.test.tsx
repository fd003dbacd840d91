import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole } from "../testing/mount";
import { RerunCard } from "./RerunCard";

const REQUEST = "POST /api/sessions/s1/rerun";
const equal = {
  largest_difference: 0,
  where: "",
  observations: 9,
  assessments: 4,
  equal: true,
  duration_s: 2.34,
};

it.each([
  [equal, "Equal: 9 observations and 4 assessments, largest difference 0. Took 2.3 s."],
  [
    { ...equal, equal: false, largest_difference: 0.0312, where: "assessment 3 probability" },
    "Different: largest difference 0.031 at assessment 3 probability. Took 2.3 s.",
  ],
])("says how the re-run came out", async (result, words) => {
  const page = await mountInConsole(<RerunCard id="s1" />, new FakeService().answers(REQUEST, result));
  await page.press("Re-run the analysis");
  expect(page.text).toContain(words);
});

it("says why it could not run", async () => {
  const page = await mountInConsole(
    <RerunCard id="s1" />,
    new FakeService().refuses(REQUEST, "no_recording", 409),
  );
  await page.press("Re-run the analysis");
  expect(page.text).toContain("no_recording in English");
});
