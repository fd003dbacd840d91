import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole } from "../testing/mount";
import { detail, summary } from "../testing/samples";
import type { SessionDetail } from "../types";
import { VoiceReference } from "./VoiceReference";

const FOUND = "GET /api/sessions?page=1&state=decided&q=Li+Jianguo";
const SAVE = "POST /api/sessions/s1/references/voice";
const earlier = { ...summary, id: "e1", state: "decided", decision: "approve" };

it("says what the reference was found to hold", async () => {
  const [face] = detail.references;
  if (!face) throw new Error("no sample");
  const measured = { net_speech_s: 21.47, utterances: 6, snr_db: 31.2 };
  const references = [face, { ...face, modality: "voice" as const, measured }];
  const service = new FakeService().answers(FOUND, { items: [], total: 0, page: 1, page_size: 20 });
  const page = await mountInConsole(
    <VoiceReference detail={{ ...detail, references, has_voice_reference: true }} onChange={() => {}} />,
    service,
  );
  expect(page.text).toContain("21.4 s of speech in 6 utterances, SNR 31 dB");
});

it("says whether the voice is compared, and takes another reference for it", async () => {
  const service = new FakeService()
    .answers(FOUND, { items: [earlier], total: 1, page: 1, page_size: 25 })
    .refuses(SAVE, "enrolment_failed");
  const changed: SessionDetail[] = [];
  const page = await mountInConsole(
    <VoiceReference detail={detail} onChange={(one) => changed.push(one)} />,
    service,
  );
  expect(page.text).toContain("There is no voice reference");
  expect(page.text).not.toContain("Use this voice reference");
  await page.choose("select", "e1");
  await page.press("Use this voice reference");
  expect(page.text).toContain("enrolment_failed in English");
  service.answers(SAVE, { ...detail, has_voice_reference: true });
  await page.press("Use this voice reference");
  expect((service.sentTo(SAVE).at(-1) as FormData).get("voice_from")).toBe("e1");
  expect(changed.map((one) => one.has_voice_reference)).toEqual([true]);
});
