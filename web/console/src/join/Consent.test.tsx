import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import { language } from "../i18n";
import { FakeService } from "../testing/FakeService";
import { mount } from "../testing/mount";
import { invitation } from "../testing/samples";
import type { Join } from "../types";
import { Consent } from "./Consent";

const REQUEST = "POST /api/join/tok/consent";

async function open(service: FakeService, invited: Join = invitation) {
  const given: Join[] = [];
  const page = await mount(
    <Consent api={service.joinApi()} invitation={invited} onGiven={(one) => given.push(one)} />,
  );
  return { page, given };
}

it("takes one tap for all", async () => {
  const service = new FakeService().answers(REQUEST, invitation);
  const { page, given } = await open(service);
  await page.press("Agree to all and continue");
  expect(service.sentTo(REQUEST)).toEqual([{ recording: true, face: true, voice: true, behaviour: true }]);
  expect(given).toEqual([invitation]);
});

it("starts from nothing when chosen one by one", async () => {
  const service = new FakeService().answers(REQUEST, invitation);
  const { page } = await open(service);
  await page.press("Choose one by one");
  expect(page.text).toContain("Ask your customer manager for a meeting at the branch");
  const recording = page.find<HTMLInputElement>("[role=switch]");
  recording.checked = true;
  await page.fire(recording, "change");
  await page.press("Continue with my choice");
  expect(service.sentTo(REQUEST)).toEqual([{ recording: true, face: false, voice: false, behaviour: false }]);
});

it("asks for nothing that is off where the interview takes place", async () => {
  const service = new FakeService().answers(REQUEST, invitation).answers(REQUEST, invitation);
  const there: Join = { ...invitation, asked: ["recording", "face", "voice"] };
  const { page } = await open(service, there);
  expect(page.text).toContain("Check my voice");
  expect(page.text).not.toContain("Compare how I answer");
  await page.press("Agree to all and continue");
  expect(service.sentTo(REQUEST)).toEqual([{ recording: true, face: true, voice: true, behaviour: false }]);
});

it("keeps the choice when the service refuses", async () => {
  const service = new FakeService().refuses(REQUEST, "recording_needed");
  const { page, given } = await open(service);
  await page.press("Choose one by one");
  await page.press("Continue with my choice");
  expect(page.text).toContain("recording_needed in English");
  expect(page.has("[role=switch]")).toBe(true);
  expect(given).toEqual([]);
});

it.each([
  [
    "en",
    "at rest, labelled examples, muscles, own neutral answers, left against right, blinks, gaze, head movement, first word, pauses, pitch, pace of speech, magnified, unless the bank has validated it, never decides",
  ],
  [
    "zh-Hans",
    "面部静止, 已标注的示例动作, 肌肉, 本人的中性回答, 左右差异, 眨眼, 视线, 头部动作, 开口前的时间, 停顿, 音高, 语速, 放大, 除非银行已作验证, 从不作决定",
  ],
  [
    "zh-Hant",
    "面部靜止, 已標註的示例動作, 肌肉, 本人的中性回答, 左右差異, 眨眼, 視線, 頭部動作, 開口前的時間, 停頓, 音高, 語速, 放大, 除非銀行已作驗證, 從不作決定",
  ],
] as const)("says in %s what of the face and of the answers is compared with what", async (one, facts) => {
  const { page } = await open(new FakeService());
  await act(() => {
    language.value = one;
  });
  for (const fact of facts.split(", ")) expect(page.text).toContain(fact);
});
