import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole } from "../testing/mount";
import { detail, officer, speech } from "../testing/samples";
import type { ConfirmedOutcome } from "../types";
import { Facts } from "./Facts";

it("says what the interview was made of", async () => {
  const service = new FakeService().answers("GET /api/sessions/s1/speech", speech());
  const page = await mountInConsole(<Facts detail={detail} onChange={() => {}} />, service);
  const facts = Object.fromEntries(
    [...page.root.querySelectorAll("dl > div")].map((row) => [
      row.firstChild?.textContent,
      row.lastChild?.textContent,
    ]),
  );
  expect(facts).toMatchObject({
    "Interview number": "s1",
    Consent: "recording ✓  face ✓  voice ✕  behaviour ✓",
    References: "ID photo in useFrom a file, 24/11/2026, 08:00:00",
    "Usable speech": "5.5 s of 7.2 s heard; a comparison needs 3 s",
    Connections: "1",
    "Base rate": "1.0%",
    Sealed: "none",
    Models: "dlib_resnet@12345678",
  });
});

it("does not call a refusal what nobody was asked", async () => {
  const service = new FakeService().answers("GET /api/sessions/s1/speech", null);
  const there: typeof detail = { ...detail, asked: ["recording", "face", "voice"] };
  const page = await mountInConsole(<Facts detail={there} onChange={() => {}} />, service);
  expect(page.text).toContain("recording ✓ face ✓ voice ✕");
  expect(page.text).not.toContain("behaviour");
});

async function usableSpeech(voice: boolean): Promise<string | null | undefined> {
  const service = new FakeService().answers("GET /api/sessions/s1/speech", null);
  const agreed = { recording: true, face: true, behaviour: true, voice };
  const session = { ...detail, consent: { ...detail.consent, ...agreed } } as typeof detail;
  const page = await mountInConsole(<Facts detail={session} onChange={() => {}} />, service);
  const row = [...page.root.querySelectorAll("dl > div")].find((one) =>
    one.firstChild?.textContent?.startsWith("Usable"),
  );
  return row?.lastChild?.textContent;
}

it("tells an interview that was not listened to from one whose figure was not kept", async () => {
  expect(await usableSpeech(false)).toBe("not listened to");
  expect(await usableSpeech(true)).toBe("no figure was kept");
});

async function confirmed(role: "officer" | "compliance", found: ConfirmedOutcome | null) {
  const service = new FakeService()
    .answers("GET /api/sessions/s1/speech", null)
    .answers("GET /api/sessions/s1/outcome", found);
  const page = await mountInConsole(<Facts detail={detail} onChange={() => {}} />, service, {
    user: { ...officer, role },
  });
  return page.text;
}

const FRAUD: ConfirmedOutcome = {
  outcome: "fraud",
  family: "impostor",
  confirmed_on: "2026-11-20",
  by: "Risk",
  source: "case 7",
  corrected: 0,
};

it("shows those who review what was confirmed afterwards, and the officer never", async () => {
  expect(await confirmed("compliance", FRAUD)).toContain(
    "Confirmed afterwardsfraud · Another person · 2026-11-20 · Risk · case 7",
  );
  expect(await confirmed("compliance", null)).not.toContain("Confirmed afterwards");
  expect(await confirmed("officer", FRAUD)).not.toContain("Confirmed afterwards");
});
