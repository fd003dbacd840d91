import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import { type Language, language } from "../i18n";
import { review as en } from "../messages/en/review";
import { FakeService } from "../testing/FakeService";
import { mountInConsole } from "../testing/mount";
import type { AuditEntry } from "../types";
import { Audit } from "./Audit";
import { detailName } from "./auditDetail";
import names from "./auditNames.json";
import { actionName } from "./text";

const REQUEST = "GET /api/sessions/s1/audit";
const ID = "3f2a91c07bd4e856";

/** The list as a person reads it, one string an entry, without the time. */
async function listed(entries: [string, AuditEntry["detail"]][], spoken: Language = "en") {
  const at = "2026-11-24T08:00:00Z";
  const service = new FakeService().answers(
    REQUEST,
    entries.map(([action, detail], seq) => ({ seq, at, actor: "system", action, detail })),
  );
  const page = await mountInConsole(<Audit id="s1" version="sealed" />, service);
  await act(() => {
    language.value = spoken;
  });
  const lines = [...page.root.querySelectorAll("li > span")];
  return { page, lines: lines.map((line) => line.querySelector("small")?.textContent ?? "") };
}

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

const ENTRIES: [string, AuditEntry["detail"]][] = [
  ["session.created", { product: "trade", face: true, voice: false }],
  ["challenge.asked", { challenge: ID, kind: "flash" }],
  ["challenge.ended", { challenge: ID, how: "cancelled", detail: "officer", step: 12 }],
  ["challenge.ended", { challenge: ID, how: "done", detail: "", step: 32 }],
  ["challenge.ack_refused", { challenge: ID, k: -1, why: "bad_signature" }],
  ["analysis.fault", { kind: "face_pad", t: 125.34, message: "no memory left" }],
  ["recording.viewed", { side: "officer" }],
  ["recording.viewed", { side: "applicant" }],
  ["session.decided", { outcome: "refer" }],
  ["session.rerun", { equal: true, largest_difference: 0 }],
  ["browser.media_denied", { detail: "Permission denied" }],
];

it("says an entry's details in words", async () => {
  expect((await listed(ENTRIES)).lines).toEqual([
    "Product: Trade finance · ID photo ✓ · Voice reference ✕",
    "Kind: Light · Challenge no.: 3f2a91c0",
    "State: Taken back · Reason: taken back by the customer manager · Steps shown: 12 · Challenge no.: 3f2a91c0",
    "State: Done · Steps shown: 32 · Challenge no.: 3f2a91c0",
    "Step: −1 · Reason: signature does not fit · Challenge no.: 3f2a91c0",
    "Check: Live face, not a replay · At: 2:05.3 · Message: no memory left",
    "Side: Customer manager",
    "Side: Applicant",
    "Outcome: Refer",
    "Equal ✓ · Largest difference: 0",
    "Reason: Permission denied",
  ]);
});

it("says them in Chinese, all but what a program or a browser wrote", async () => {
  expect((await listed(ENTRIES, "zh-Hans")).lines).toEqual([
    "产品：贸易融资 · 证件照 ✓ · 声音样本 ✕",
    "项目：光线 · 测试编号：3f2a91c0",
    "状态：已撤回 · 原因：客户经理撤回 · 已显示步数：12 · 测试编号：3f2a91c0",
    "状态：已完成 · 已显示步数：32 · 测试编号：3f2a91c0",
    "步骤：−1 · 原因：签名不符 · 测试编号：3f2a91c0",
    "检测项目：真人人脸，非翻拍 · 时刻：2:05.3 · 信息：no memory left",
    "录像对象：客户经理",
    "录像对象：申请人",
    "结果：转复核",
    "一致 ✓ · 最大差异：0",
    "原因：Permission denied",
  ]);
});

it("keeps the whole of an id that it shortens", async () => {
  const { page } = await listed([["challenge.started", { challenge: ID }]]);
  expect(page.find(`[title="${ID}"]`).textContent).toBe("Challenge no.: 3f2a91c0");
  expect((await listed([["challenge.started", { challenge: "c1" }]])).lines).toEqual(["Challenge no.: c1"]);
});

it("shows names and words that are newer than it, and a browser's own words, as they are", async () => {
  const { lines } = await listed(
    [
      ["session.created", { product: "gold", moon_phase: "full", toString: 2, constructor: null }],
      ["challenge.asked", { kind: "toString" }],
      ["challenge.ended", { how: "vanished", detail: "brand_new" }],
      ["analysis.fault", { kind: 7, t: "late", message: null }],
      ["browser.media_failed", { detail: "officer" }],
    ],
    "zh-Hant",
  );
  expect(lines).toEqual([
    "產品：gold · moon phase：full · toString：2 · constructor：–",
    "項目：toString",
    "狀態：vanished · 原因：brand_new",
    "檢測項目：7 · 時刻：late · 訊息：–",
    "原因：officer",
  ]);
});

it("has words for exactly the actions and reasons that the service is known to write", () => {
  const known = (prefix: string) =>
    Object.keys(en).flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
  expect(known("action.").sort()).toEqual(Object.keys(names.actions).sort());
  expect(known("reason.").sort()).toEqual([...names.reasons].sort());
});

it("has a name for every detail that the service is known to write", () => {
  language.value = "zh-Hans";
  for (const [action, details] of Object.entries(names.actions))
    for (const name of [actionName(action), ...details.map((detail) => detailName(action, detail))])
      expect(name).not.toMatch(/[a-z]/);
});

it("says why it cannot be shown", async () => {
  const page = await mountInConsole(
    <Audit id="s1" version="sealed" />,
    new FakeService().refuses(REQUEST, "gone", 404),
  );
  expect(page.text).toContain("gone in English");
});
