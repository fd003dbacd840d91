import { describe, expect, it } from "vitest";
import { language } from "../i18n";
import { mount } from "../testing/mount";
import type { Ground, Proposal } from "../types";
import { Grounds, policyName } from "./Grounds";

const ground = (part: Partial<Ground>): Ground => ({
  kind: "probability",
  band: "step_up",
  value: null,
  threshold: null,
  signals: [],
  ...part,
});

const proposal = (grounds: Ground[], part: Partial<Proposal> = {}): Proposal => ({
  band: grounds[0]?.band ?? "proceed",
  grounds,
  asks: [],
  products: ["trade", "export"],
  approved_by: "",
  approved_on: "",
  ...part,
});

const shown = async (...grounds: Ground[]) =>
  (await mount(<Grounds proposal={proposal(grounds)} asks />)).text;

describe("each ground is a sentence with the figures that the service gave", () => {
  it("a probability at or above its threshold, or below it", async () => {
    expect(await shown(ground({ band: "refer", value: 0.031, threshold: 0.01875 }))).toBe(
      "Probability 3.1%: at or above 1.9%.",
    );
    expect(await shown(ground({ band: "proceed", value: 0.001, threshold: 0.004 }))).toContain("below 0.40%");
  });

  it("a coverage", async () => {
    const low = ground({ kind: "coverage", band: "insufficient", value: 0.3, threshold: 0.4 });
    expect(await shown(low)).toBe("Coverage 30%: below 40%.");
  });

  it("a coverage just below what is asked for is not told as if it were enough", async () => {
    const low = ground({ kind: "coverage", band: "insufficient", value: 0.3996, threshold: 0.4 });
    expect(await shown(low)).toBe("Coverage 39.96%: below 40.00%.");
  });

  it("a check that was not made, and one that was not passed", async () => {
    const face = [{ kind: "face_match", reason: "no_reference" as const }];
    expect(await shown(ground({ kind: "check", signals: face }))).toContain(
      "Has to be measured: Face against ID photo (",
    );
    const either = [
      { kind: "flash_challenge", reason: null },
      { kind: "pose_challenge", reason: "not_challenged" as const },
    ];
    const told = await shown(ground({ kind: "passing", signals: either }));
    expect(told).toContain("Has to be passed:");
    expect(told).toContain("(measured, not passed) or ");
  });

  it("an absence, and the sequential test", async () => {
    const gone = [{ kind: "face_match", reason: "detector_failed" as const }];
    expect(await shown(ground({ kind: "absence", signals: gone }))).toContain(
      "Absent: Face against ID photo",
    );
    expect(await shown(ground({ kind: "sequential" }))).toContain("upper bound");
  });
});

it("names the band of a ground that is milder than the proposal", async () => {
  const text = await shown(
    ground({ band: "refer", value: 0.5, threshold: 0.02 }),
    ground({ kind: "sequential" }),
  );
  expect(text).toMatch(/^Probability/);
  expect(text).toContain("Check further");
});

it("says what the policy asks for, in order, only where there is somebody to ask", async () => {
  const asked = proposal([ground({ kind: "sequential" })], { asks: ["pose_challenge", "face_match"] });
  const live = await mount(<Grounds proposal={asked} asks />);
  expect(live.text).toMatch(/The policy asks for, in this order: .+, Face against ID photo/);
  const past = await mount(<Grounds proposal={asked} asks={false} />);
  expect(past.text).not.toContain("asks for");
});

it("shows nothing for an assessment from before there were grounds", async () => {
  expect((await mount(<Grounds proposal={null} asks />)).text).toBe("");
  expect(policyName("3+abc", null)).toBe("3+abc");
});

it("names the policy with its products and who answers for it", () => {
  language.value = "en";
  expect(policyName("3+abc", proposal([]))).toBe("3+abc (trade, export)");
  const signed = proposal([], { approved_by: "Wang", approved_on: "2026-11-20" });
  expect(policyName("3+abc", signed)).toBe("3+abc (trade, export; approved by Wang, 2026-11-20)");
});

it("names the policy in the language of the console", () => {
  language.value = "zh-Hans";
  const signed = proposal([], { approved_by: "王", approved_on: "2026-11-20" });
  expect(policyName("3+abc", signed)).toBe("3+abc（trade、export；王 于 2026-11-20 批准）");
  language.value = "en";
});
