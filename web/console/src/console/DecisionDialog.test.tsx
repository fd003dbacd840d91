import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole } from "../testing/mount";
import { sealed } from "../testing/samples";
import type { SessionDetail } from "../types";
import { DecisionDialog } from "./DecisionDialog";

const REQUEST = "POST /api/sessions/s1/decision";

async function open(service: FakeService) {
  const decided: SessionDetail[] = [];
  const dialog = <DecisionDialog id="s1" onClose={() => {}} onDecided={(one) => decided.push(one)} />;
  return { page: await mountInConsole(dialog, service), decided };
}

it("takes no decision without an outcome and a reason", async () => {
  const service = new FakeService();
  const { page } = await open(service);
  await page.type("textarea", "  too short ");
  await page.press("Record the decision");
  expect([...page.root.querySelectorAll("[role=alert]")].map((one) => one.textContent)).toEqual([
    "Choose an outcome.",
    "Give a reason of at least 10 characters.",
  ]);
  expect(service.asked).toEqual([]);
});

it("sends both, and keeps them when the service refuses", async () => {
  const service = new FakeService().refuses(REQUEST, "busy", 409);
  const { page, decided } = await open(service);
  await page.fire(page.find("label:nth-of-type(2) input"), "change");
  await page.type("textarea", " The face is another person's. ");
  await page.press("Record the decision");
  expect(page.text).toContain("busy in English");
  service.answers(REQUEST, sealed);
  await page.press("Record the decision");
  const body = { outcome: "decline", reason: "The face is another person's." };
  expect(service.sentTo(REQUEST)).toEqual([body, body]);
  expect(decided).toEqual([sealed]);
});
