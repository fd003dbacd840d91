import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole } from "../testing/mount";
import { detail, sealed } from "../testing/samples";
import type { Reference, SessionDetail } from "../types";
import { References } from "./References";

const REVOKE = "POST /api/sessions/s1/references/voice/revoke";
const voice: Reference = {
  modality: "voice",
  version: 1,
  made_at: "2026-11-24T08:00:00Z",
  model: "campplus@12345678",
  taken_from: null,
  used: false,
  revoked_at: null,
  revoked_why: null,
  measured: {},
};
const versions: Reference[] = [
  ...detail.references,
  voice,
  { ...voice, version: 2, taken_from: "e1", used: true },
];

it("lists every version with where it came from", async () => {
  const shown = { ...sealed, references: versions };
  const page = await mountInConsole(<References detail={shown} onChange={() => {}} />);
  expect([...page.root.querySelectorAll("li")].map((one) => one.textContent)).toEqual([
    "ID photo in useFrom a file, 24/11/2026, 08:00:00",
    "Voice replacedFrom a file, 24/11/2026, 08:00:00",
    "Voice version 2 in useFrom interview e1, 24/11/2026, 08:00:00",
  ]);
  expect(page.root.querySelector("button")).toBeNull();
});

it("revokes with a reason, which stays when the service refuses it", async () => {
  const service = new FakeService().refuses(REVOKE, "not_allowed", 403);
  const changed: SessionDetail[] = [];
  const shown: SessionDetail = { ...sealed, references: versions, allowed: ["revoke_voice"] };
  const page = await mountInConsole(
    <References detail={shown} onChange={(one) => changed.push(one)} />,
    service,
  );
  await page.press("Revoke the voice reference");
  await page.press("Revoke now");
  expect(page.text).toContain("at least 10 characters");
  expect(service.asked).toEqual([]);
  await page.type("textarea", "The applicant withdrew their consent.");
  await page.press("Revoke now");
  expect(page.text).toContain("not_allowed in English");
  service.answers(REVOKE, { ...shown, allowed: [] });
  await page.press("Revoke now");
  expect(service.sentTo(REVOKE).at(-1)).toEqual({ reason: "The applicant withdrew their consent." });
  expect(changed).toHaveLength(1);
  expect(page.root.querySelector("textarea")).toBeNull();
});

it("says when and why one was revoked", async () => {
  const revoked = { ...voice, revoked_at: "2026-11-24T09:00:00Z", revoked_why: "Wrong person on the file." };
  const page = await mountInConsole(
    <References detail={{ ...sealed, references: [revoked] }} onChange={() => {}} />,
  );
  expect(page.text).toContain("Voice revoked");
  expect(page.text).toContain("24/11/2026, 09:00:00: Wrong person on the file.");
});
