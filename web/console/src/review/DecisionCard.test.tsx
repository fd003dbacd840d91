import { expect, it } from "vitest";
import { mountInConsole } from "../testing/mount";
import { sealed } from "../testing/samples";
import { DecisionCard } from "./DecisionCard";

const decision = {
  outcome: "decline" as const,
  reason: "Another person.",
  by: "Wang Min",
  at: "2026-11-24T09:00:00Z",
};

it("shows what was decided, by whom and why", async () => {
  const page = await mountInConsole(
    <DecisionCard detail={{ ...sealed, state: "decided", decision, allowed: [] }} onChange={() => {}} />,
  );
  expect(page.text).toMatch(/DeclineAnother person.Wang Min, .*2026/);
  expect(page.has("button")).toBe(false);
});

it("opens the dialog for those who may decide", async () => {
  const page = await mountInConsole(<DecisionCard detail={sealed} onChange={() => {}} />);
  await page.press("Decide");
  expect(page.find("dialog").textContent).toContain("Your decision");
});

it("is not there for those who may not, before a decision", async () => {
  const page = await mountInConsole(<DecisionCard detail={{ ...sealed, allowed: [] }} onChange={() => {}} />);
  expect(page.text).toBe("");
});
