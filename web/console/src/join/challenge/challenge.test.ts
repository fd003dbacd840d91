import { describe, expect, it } from "vitest";
import { begin, show } from "../../testing/cues";
import { FakeScreen } from "../../testing/FakeScreen";
import { FakeService } from "../../testing/FakeService";
import { settle } from "../../testing/mount";
import type { ChallengeKind, ChallengeShown } from "../../types";
import { Challenge } from "./challenge";

const ANSWER = "POST /api/join/tok/challenges/c1/answer";
const SHOWN = "POST /api/join/tok/challenges/c1/shown";

function open(kind: ChallengeKind = "flash", reducedMotion = false) {
  const service = new FakeService().answers(ANSWER, null, 204).answers(SHOWN, null, 204);
  const screen = new FakeScreen();
  screen.reducedMotion = reducedMotion;
  const signed: string[] = [];
  const key = {
    spki: "a key",
    sign: async (text: string) => {
      signed.push(text);
      return "a signature";
    },
  };
  const challenge = new Challenge({ api: service.joinApi(), key: Promise.resolve(key), screen });
  challenge.receive(begin({ kind }));
  return { challenge, screen, service, signed };
}

async function ready(kind: ChallengeKind = "flash") {
  const opened = open(kind);
  await opened.challenge.answer("ready");
  return opened;
}

/** Two frames: the step is put up in the first, and on the screen when the second begins. */
async function paint(screen: FakeScreen, ...times: [number, number]) {
  for (const at of times) {
    await settle();
    screen.frames(at);
  }
  await settle();
}

describe("the question", () => {
  it("is answered by the applicant alone", async () => {
    const { challenge, service } = open();
    expect([challenge.view.value, service.asked]).toEqual([{ at: "asked", kind: "flash", steps: 32 }, []]);
    await challenge.answer("ready");
    expect([challenge.view.value?.at, service.sentTo(ANSWER)]).toEqual(["starting", [{ answer: "ready" }]]);
  });

  it.each([
    ["refused", "refused"],
    ["photosensitive", "spared"],
  ] as const)("%s closes it at once", async (answer, notice) => {
    const { challenge, service } = open();
    await challenge.answer(answer);
    await challenge.answer("ready");
    expect([challenge.view.value, challenge.notice.value]).toEqual([null, notice]);
    expect(service.sentTo(ANSWER)).toEqual([{ answer }]);
  });

  it("is not put about light to somebody whose device asks for less motion", async () => {
    const { challenge, service } = open("flash", true);
    expect([challenge.view.value, challenge.notice.value]).toEqual([null, "reduced_motion"]);
    expect(service.sentTo(ANSWER)).toEqual([{ answer: "reduced_motion" }]);
    expect(open("pose", true).challenge.view.value?.at).toBe("asked");
  });

  it("goes away when time is up, when the service says so, and by itself when it says nothing", () => {
    const told = open();
    told.challenge.receive({ event: "end", id: "c1", how: "expired" });
    expect([told.challenge.view.value, told.challenge.notice.value]).toEqual([null, "expired"]);
    const untold = open();
    untold.screen.pass(45_000);
    expect([untold.challenge.view.value, untold.challenge.notice.value]).toEqual([null, "interrupted"]);
  });

  it("stays while the connection is gone for a moment, unless it was answered", async () => {
    const { challenge } = open();
    challenge.interrupt();
    challenge.receive(begin());
    expect([challenge.view.value?.at, challenge.notice.value]).toEqual(["asked", null]);
    await challenge.answer("ready");
    challenge.interrupt();
    challenge.receive(begin());
    expect([challenge.view.value, challenge.notice.value]).toEqual([null, "interrupted"]);
  });

  it("ends when the answer does not arrive", async () => {
    const { challenge, service } = open();
    service.refuses(ANSWER, "gone", 409);
    await challenge.answer("ready");
    expect([challenge.view.value, challenge.notice.value]).toEqual([null, "interrupted"]);
  });
});

describe("a step", () => {
  it("is signed with the time of the frame in which it was on the screen", async () => {
    const { challenge, screen, service, signed } = await ready();
    challenge.receive(show({ k: -1, after_ms: 0 }));
    await settle();
    screen.frames(100);
    await settle();
    expect(challenge.view.value).toMatchObject({ at: "showing", step: { k: -1, colour: "#a0a0a0" } });
    expect(signed).toEqual([]);
    screen.frames(116.66);
    await settle();
    const shown_at_ms = 1_700_000_000_116.7;
    expect(signed).toEqual([`candor-challenge-1|c1|n0nce|-1|${shown_at_ms}|true|360x640`]);
    const shown = { k: -1, shown_at_ms, visible: true, width: 360, height: 640, signature: "a signature" };
    expect(service.sentTo(SHOWN)).toEqual([shown]);
  });

  it("is reported again where nobody answered, and not where the report was refused", async () => {
    const { challenge, screen, service } = await ready();
    service.refuses(SHOWN, "busy", 503);
    challenge.receive(show({ k: -1, after_ms: 0 }));
    await paint(screen, 1000, 1016);
    expect(service.sentTo(SHOWN)).toHaveLength(1);
    service.refuses(SHOWN, "out_of_step", 409);
    screen.pass(500);
    await settle();
    const [first, again] = service.sentTo(SHOWN);
    expect(again).toEqual(first);
    screen.pass(500);
    await settle();
    expect(service.sentTo(SHOWN)).toHaveLength(2);
  });

  it("waits for its time after the one before, and is put up at once when that is past", async () => {
    const { challenge, screen, service } = await ready();
    challenge.receive(show({ k: -1, after_ms: 0 }));
    await paint(screen, 100, 116);
    screen.time = 1000;
    challenge.receive(show({ k: 0, after_ms: 1000 }));
    await settle();
    expect(screen.waits.map((one) => one.ms)).toContain(116);
    screen.time = 1116;
    screen.pass(116);
    await paint(screen, 1120, 1136);
    screen.time = 2000;
    challenge.receive(show({ k: 1, after_ms: 500 }));
    await paint(screen, 2010, 2026);
    const sent = service.sentTo(SHOWN) as ChallengeShown[];
    expect(sent.map((one) => [one.k, one.shown_at_ms - screen.timeOrigin])).toEqual([
      [-1, 116],
      [0, 1136],
      [1, 2026],
    ]);
  });

  it("is displayed once, and in order", async () => {
    const { challenge, screen, service } = await ready("digits");
    for (const k of [0, 0, 1, 0]) challenge.receive(show({ k, after_ms: 0, colour: null, digit: String(k) }));
    await paint(screen, 10, 20);
    await paint(screen, 30, 40);
    await paint(screen, 50, 60);
    expect((service.sentTo(SHOWN) as ChallengeShown[]).map((one) => one.k)).toEqual([0, 1]);
  });

  it("that nobody could see is reported as such, without waiting for a frame that never comes", async () => {
    const { challenge, screen, signed } = await ready();
    screen.visible = false;
    screen.time = 50;
    challenge.receive(show({ k: -1, after_ms: 0 }));
    await settle();
    expect(signed).toEqual(["candor-challenge-1|c1|n0nce|-1|1700000000050|false|360x640"]);
  });

  it("is not shown before the applicant is ready, nor of another challenge", async () => {
    const { challenge, screen, service } = open();
    challenge.receive(show({ k: -1, after_ms: 0 }));
    await challenge.answer("ready");
    challenge.receive(show({ id: "c0", k: 0, after_ms: 0 }));
    await paint(screen, 10, 20);
    expect([challenge.view.value?.at, service.sentTo(SHOWN)]).toEqual(["starting", []]);
  });
});

describe("the end", () => {
  it.each(["done", "cancelled", "unseen"] as const)("%s clears the screen", async (how) => {
    const { challenge, screen, service } = await ready();
    challenge.receive(show({ k: -1, after_ms: 0 }));
    await settle();
    screen.frames(10);
    await settle();
    challenge.receive({ event: "end", id: "c1", how });
    screen.frames(20);
    await settle();
    expect([challenge.view.value, challenge.notice.value, service.sentTo(SHOWN)]).toEqual([null, how, []]);
    screen.pass(8000);
    expect(challenge.notice.value).toBe(null);
  });

  it("comes when the applicant wants it, and is told as a refusal", async () => {
    const { challenge, service } = await ready();
    challenge.stop();
    await settle();
    expect([challenge.view.value, challenge.notice.value]).toEqual([null, "refused"]);
    expect(service.sentTo(ANSWER)).toEqual([{ answer: "ready" }, { answer: "refused" }]);
  });

  it("comes when nothing more is heard of it", async () => {
    const { challenge, screen } = await ready();
    screen.pass(8000);
    expect([challenge.view.value, challenge.notice.value]).toEqual([null, "interrupted"]);
  });
});

it("says nothing that is not signed", async () => {
  const service = new FakeService().answers(ANSWER, null, 204);
  const screen = new FakeScreen();
  const challenge = new Challenge({ api: service.joinApi(), key: Promise.resolve(null), screen });
  challenge.receive(begin());
  await challenge.answer("ready");
  challenge.receive(show({ k: -1, after_ms: 0 }));
  await paint(screen, 10, 20);
  expect(service.asked.map((one) => one.path)).toEqual(["/api/join/tok/challenges/c1/answer"]);
});
