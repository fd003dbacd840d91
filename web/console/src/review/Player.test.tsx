import { createRef } from "preact";
import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { reading, sealed } from "../testing/samples";
import { Player } from "./Player";

const [evidence] = reading().evidence;

function player(part = {}, onTime: (t: number) => void = () => {}) {
  const video = createRef<HTMLVideoElement>();
  return <Player detail={{ ...sealed, ...part }} video={video} evidence={evidence ?? null} onTime={onTime} />;
}

it("plays the recording and shows where the detector looked", async () => {
  const page = await mount(player());
  expect(page.find("video").getAttribute("src")).toBe("/api/sessions/s1/recording");
  const { left, top, width, height } = page.find("span[aria-hidden]").style;
  expect([left, top, width, height]).toEqual(["10%", "20%", "30%", "40%"]);
});

it("tells where a jump led", async () => {
  const times: number[] = [];
  const page = await mount(player({}, (t) => times.push(t)));
  const video = page.find<HTMLVideoElement>("video");
  video.currentTime = 7;
  await page.fire(video, "seeked");
  expect(times).toEqual([7]);
});

it("keeps the other side in step", async () => {
  const page = await mount(player({ has_officer_recording: true }));
  const [first, second] = [...page.root.querySelectorAll("video")];
  if (!first || !second) throw new Error("two sides were recorded");
  first.currentTime = 9;
  await page.fire(first, "seeking");
  expect(second.currentTime).toBe(9);
});

it("says that nothing was recorded", async () => {
  const page = await mount(player({ has_recording: false }));
  expect(page.text).toContain("no media arrived");
  expect(page.has("video")).toBe(false);
});
