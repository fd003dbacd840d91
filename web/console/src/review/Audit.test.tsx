import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole } from "../testing/mount";
import { Audit } from "./Audit";

const REQUEST = "GET /api/sessions/s1/audit";

it("names actions and actors, and shows what is newer by its own name", async () => {
  const at = "2026-11-24T08:00:00Z";
  const service = new FakeService().answers(REQUEST, [
    { seq: 1, at, actor: "applicant", action: "consent.given", detail: { face: true } },
    { seq: 2, at, actor: "Wang Min", action: "brand.new", detail: {} },
  ]);
  const page = await mountInConsole(<Audit id="s1" version="sealed" />, service);
  expect(page.text).toContain("Consent givenApplicantface ✓");
  expect(page.text).toContain("brand.newWang Min");
});

it("says why it cannot be shown", async () => {
  const page = await mountInConsole(
    <Audit id="s1" version="sealed" />,
    new FakeService().refuses(REQUEST, "gone", 404),
  );
  expect(page.text).toContain("gone in English");
});
