import { act } from "preact/test-utils";
import { expect, it } from "vitest";
import { begin, show } from "../../testing/cues";
import { FakeScreen } from "../../testing/FakeScreen";
import { FakeService } from "../../testing/FakeService";
import { mount, settle } from "../../testing/mount";
import type { CueBegin, CueShow } from "../../types";
import { Challenge } from "./challenge";
import { Overlay } from "./Overlay";

const ANSWER = "POST /api/join/tok/challenges/c1/answer";

async function open(kind: CueBegin["kind"], steps = 4) {
  const service = new FakeService().answers(ANSWER, null, 204);
  const screen = new FakeScreen();
  const challenge = new Challenge({ api: service.joinApi(), key: Promise.resolve(null), screen });
  const page = await mount(
    <>
      <button type="button">before</button>
      <Overlay challenge={challenge} stream={new MediaStream()} />
    </>,
  );
  page.button("before").focus();
  await act(() => challenge.receive(begin({ kind, steps })));
  return { page, challenge, screen, service };
}

async function running(kind: CueBegin["kind"]) {
  const opened = await open(kind);
  opened.page.button("I am ready").focus();
  await opened.page.press("I am ready");
  const put = async (cue: Partial<CueShow>, ...times: number[]) => {
    opened.challenge.receive(show({ after_ms: 0, colour: null, ...cue }));
    for (const at of times) {
      await settle();
      await act(() => opened.screen.frames(at));
    }
    await settle();
  };
  return { ...opened, put };
}

it("asks in plain words, takes the focus, and gives it back", async () => {
  const { page, challenge } = await open("flash");
  const dialog = page.find("[role=dialog]");
  expect(document.activeElement).toBe(dialog);
  expect(document.getElementById(dialog.getAttribute("aria-labelledby") ?? "")?.textContent).toBe(
    "A short light check",
  );
  expect(page.text).toContain("fade from colour to colour, about twice a second, for about 15 seconds");
  await act(() => challenge.receive({ event: "end", id: "c1", how: "cancelled" }));
  expect(document.activeElement?.textContent).toBe("before");
});

it.each([
  ["I am sensitive to flashing light", "photosensitive"],
  ["I would rather not", "refused"],
])("takes %s for an answer", async (words, answer) => {
  const { page, service } = await open("flash");
  await page.press(words);
  expect(service.sentTo(ANSWER)).toEqual([{ answer }]);
  expect(page.has("[role=dialog]")).toBe(false);
});

it("asks about flashing light only where there is some", async () => {
  const { page } = await open("pose");
  expect(page.text).not.toContain("flashing");
});

it("fades most of the screen into each colour from the frame on that is reported", async () => {
  const { page, put, screen } = await running("flash");
  const field = () => page.find("[aria-hidden=true]").style.backgroundColor;
  await put({ k: 0, colour: "#30b830" }, 10, 26);
  expect(field()).toBe("rgb(160 160 160)");
  await act(() => screen.frames(26 + 150));
  expect(field()).toBe("rgb(48 184 48)");
  expect(page.find("[aria-live]").textContent).toBe("Look at the screen and keep still.");
  expect(page.find("progress").getAttribute("value")).toBe("1");
});

it("points where the head turns, in words too", async () => {
  const { page, put } = await running("pose");
  await put({ k: 0, direction: "left" }, 10, 26);
  expect(page.find("[data-direction]").dataset.direction).toBe("left");
  expect(page.find("[aria-live]").textContent).toBe("Turn your head to the left, and hold.");
  await put({ k: 1, direction: null }, 40, 56);
  expect(page.find("[aria-live]").textContent).toBe("Look straight at the screen.");
});

it("shows one digit, and says it", async () => {
  const { page, put } = await running("digits");
  await put({ k: 0, digit: "7" }, 10, 26);
  expect(page.find("[aria-hidden=true]").textContent).toBe("7");
  expect(page.find("[aria-live]").textContent).toBe("Say it aloud: 7");
});

it.each(["button", "key"])("can be stopped at any time by %s", async (by) => {
  const { page, put, service } = await running("flash");
  expect(document.activeElement).toBe(page.find("[role=dialog]"));
  await put({ k: 0, colour: "#30b830" }, 10, 26);
  if (by === "key") await page.key(page.find("[role=dialog]"), "Escape");
  else await page.press("Stop");
  expect(page.has("[role=dialog]")).toBe(false);
  expect(service.sentTo(ANSWER)).toEqual([{ answer: "ready" }, { answer: "refused" }]);
});

it("stops when the full screen is left, which is all that a first Escape does", async () => {
  const asked = await open("flash");
  document.dispatchEvent(new Event("fullscreenchange"));
  expect(asked.service.sentTo(ANSWER)).toEqual([]);
  const { challenge, service } = await running("flash");
  await act(() => void document.dispatchEvent(new Event("fullscreenchange")));
  expect(service.sentTo(ANSWER)).toEqual([{ answer: "ready" }, { answer: "refused" }]);
  expect(challenge.view.value).toBeNull();
});

it("does not ask somebody to speak whose microphone is off, but offers to turn it on", async () => {
  const service = new FakeService().answers(ANSWER, null, 204);
  const challenge = new Challenge({
    api: service.joinApi(),
    key: Promise.resolve(null),
    screen: new FakeScreen(),
  });
  const microphone = { enabled: false } as MediaStreamTrack;
  const stream = Object.assign(new MediaStream(), { getAudioTracks: () => [microphone] });
  const page = await mount(<Overlay challenge={challenge} stream={stream} />);
  await act(() => challenge.receive(begin({ kind: "digits" })));
  expect(page.text).toContain("Your microphone is off.");
  await page.press("Turn it on and start");
  expect([microphone.enabled, service.sentTo(ANSWER)]).toEqual([true, [{ answer: "ready" }]]);
});
