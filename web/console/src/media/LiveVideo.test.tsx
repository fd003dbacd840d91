import { expect, it } from "vitest";
import { mount } from "../testing/mount";
import { LiveVideo } from "./LiveVideo";

it("plays the stream it is given, one's own without sound", async () => {
  const stream = new MediaStream();
  const page = await mount(<LiveVideo stream={stream} label="You" self />);
  const video = page.find<HTMLVideoElement>("video");
  expect(video.srcObject).toBe(stream);
  expect(video.muted).toBe(true);
  expect(video.getAttribute("aria-label")).toBe("You");
});

it("tells when there is a picture", async () => {
  const told: boolean[] = [];
  const page = await mount(<LiveVideo stream={null} label="Applicant" onPlaying={(is) => told.push(is)} />);
  await page.fire(page.find("video"), "playing");
  await page.fire(page.find("video"), "emptied");
  expect(told).toEqual([true, false]);
});
