import { expect, it } from "vitest";
import type { AskChallenge } from "../challenges/useAskChallenge";
import { mount } from "../testing/mount";
import { assessment } from "../testing/samples";
import type { ChallengeKind } from "../types";
import { NextCheck } from "./NextCheck";

const flash = {
  check: "flash",
  starts: "flash" as const,
  seconds: 25,
  gain: 0.366,
  kinds: ["flash_challenge"],
};

function asking(possible: boolean, asked: ChallengeKind[] = []): AskChallenge {
  return {
    busy: false,
    failure: null,
    isReachable: possible,
    isPossible: () => possible,
    ask: (kind) => asked.push(kind),
    cancel: () => undefined,
  };
}

it("says in one line what to ask for, what it takes and how much it is expected to change", async () => {
  const page = await mount(<NextCheck live assessment={assessment()} />);
  expect(page.text).toBe(
    "Next best checkAsk an open question, so that the applicant speaks for longerabout 15 s · expected to move it by 1.5 dB, up or downWould let measure: Voice against reference",
  );
  expect(page.root.querySelector("button")).toBeNull();
});

it("tells minutes in minutes", async () => {
  const long = { ...flash, check: "enrol_the_voice", starts: null, seconds: 900 };
  const page = await mount(<NextCheck live assessment={assessment({ next_check: long })} />);
  expect(page.text).toContain("about 15 min · ");
});

it("speaks of that moment once the call is over", async () => {
  const page = await mount(<NextCheck live={false} assessment={assessment()} />);
  expect(page.text).toContain("Next best check at that moment");
});

it("starts a challenge where it is one and the applicant can be asked", async () => {
  const asked: ChallengeKind[] = [];
  const page = await mount(
    <NextCheck live assessment={assessment({ next_check: flash })} challenge={asking(true, asked)} />,
  );
  await page.press("Start: Coloured light");
  expect(asked).toEqual(["flash"]);
});

it("cannot start it while nobody can be asked, and has no button for a request in words", async () => {
  const away = await mount(
    <NextCheck live assessment={assessment({ next_check: flash })} challenge={asking(false)} />,
  );
  expect(away.find("button").hasAttribute("disabled")).toBe(true);
  const words = await mount(<NextCheck live assessment={assessment()} challenge={asking(true)} />);
  expect(words.root.querySelector("button")).toBeNull();
});

it("tells why the service refused", async () => {
  const refused = { ...asking(true), failure: { code: "x", message: "Not now.", messageZh: "现在不行。" } };
  const page = await mount(
    <NextCheck live assessment={assessment({ next_check: flash })} challenge={refused as AskChallenge} />,
  );
  expect(page.text).toContain("Not now.");
});

it("says so where nothing would change it, and nothing of assessments from before there was one", async () => {
  const none = await mount(<NextCheck live assessment={assessment({ next_check: null })} />);
  expect(none.text).toContain("Nothing that can be asked for now is expected to change this noticeably.");
  const older = await mount(<NextCheck live assessment={assessment({ next_check: null, checks: "" })} />);
  expect(older.text).toBe("");
});
