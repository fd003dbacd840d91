import { expect, it } from "vitest";
import { FakeService } from "../testing/FakeService";
import { mountInConsole } from "../testing/mount";
import { challenge, detail } from "../testing/samples";
import type { CallStatus, Challenge, SessionDetail } from "../types";
import { ChallengePanel } from "./ChallengePanel";

const ASK = "POST /api/sessions/s1/challenges";
const link = { connected: true, kbps: 900, fps: 30, loss: 0 };
const call = { applicant: link, officer: link, analysis: { state: "running", level: 0, lag_s: 0.4 } };
const consent = {
  recording: true,
  face: true,
  voice: true,
  behaviour: true,
  given_at: "2026-11-24T08:01:00Z",
};

interface Setting {
  challenges?: Challenge[];
  part?: Partial<SessionDetail>;
  connected?: boolean;
  isMine?: boolean;
  service?: FakeService;
}

async function open({ challenges = [], part = {}, connected = true, isMine = true, service }: Setting) {
  const changed: Challenge[] = [];
  const status = { ...call, applicant: { ...link, connected } } as CallStatus;
  const page = await mountInConsole(
    <ChallengePanel
      detail={{ ...detail, consent, ...part }}
      isMine={isMine}
      call={status}
      challenges={challenges}
      onChange={(one) => changed.push(one)}
    />,
    service,
  );
  const possible = ["Light", "Head turn", "Digits"].filter((kind) => {
    const button = [...page.root.querySelectorAll("button")].find((one) => one.textContent === kind);
    return button && !button.disabled;
  });
  return { page, changed, possible };
}

it("puts a challenge to the applicant", async () => {
  const service = new FakeService().answers(ASK, challenge(), 201);
  const { page, changed } = await open({ service });
  await page.press("Light");
  expect([service.sentTo(ASK), changed]).toEqual([[{ kind: "flash" }], [challenge()]]);
});

it("says why the service does not put it", async () => {
  const service = new FakeService().refuses(ASK, "page_cannot_sign", 409);
  const { page, changed } = await open({ service });
  await page.press("Digits");
  expect([page.find("[role=alert]").textContent, changed]).toEqual(["page_cannot_sign in English", []]);
});

it.each<[string, Setting, string[], string]>([
  ["nobody is there", { connected: false }, [], "once the applicant is in the call"],
  [
    "the interview is interrupted",
    { part: { state: "interrupted" } },
    [],
    "once the applicant is in the call",
  ],
  ["one is under way", { challenges: [challenge()] }, [], "One is under way"],
  [
    "the voice was not agreed to",
    { part: { consent: { ...consent, voice: false } } },
    ["Light", "Head turn"],
    "no digits",
  ],
  [
    "the face was not agreed to",
    { part: { consent: { ...consent, face: false } } },
    ["Digits"],
    "only digits",
  ],
  ["nothing stands against it", {}, ["Light", "Head turn", "Digits"], "may decline"],
])("offers what is possible when %s, and says why", async (_, setting, kinds, words) => {
  const { page, possible } = await open(setting);
  expect(possible).toEqual(kinds);
  expect(page.text).toContain(words);
});

it("takes an open one back", async () => {
  const cancelled = challenge({ state: "cancelled" });
  const service = new FakeService().answers("POST /api/sessions/s1/challenges/c1/cancel", cancelled);
  const { page, changed } = await open({ challenges: [challenge()], service });
  await page.press("Take back");
  expect(changed).toEqual([cancelled]);
});

it("asks for a head turn instead of light, where it was spared", async () => {
  const service = new FakeService().answers(ASK, challenge({ id: "c2", kind: "pose" }), 201);
  const { page } = await open({ challenges: [challenge({ state: "spared" })], service });
  await page.press("Head turn instead");
  expect(service.sentTo(ASK)).toEqual([{ kind: "pose" }]);
});

it("shows a refusal as one", async () => {
  const { page } = await open({ challenges: [challenge({ state: "refused" })] });
  expect(page.text).toContain("Declined");
  expect(page.text).toContain("A refusal is not fraud");
  expect(page.has("[data-leaning]")).toBe(false);
});

it("shows those who only watch what there is, and nothing to press", async () => {
  const { page } = await open({ challenges: [challenge()], isMine: false });
  expect([page.text.includes("Asked"), page.has("button")]).toEqual([true, false]);
  expect((await open({ isMine: false })).page.text).toBe("");
});
