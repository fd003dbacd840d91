import { expect, it } from "vitest";
import { mount, unmountAll } from "../testing/mount";
import { LiveVideo } from "./LiveVideo";

it("plays the stream it is given, one's own without sound", async () => {
  const stream = new MediaStream();
  const page = await mount(<LiveVideo stream={stream} label="You" self />);
  const video = page.find<HTMLVideoElement>("video");
  expect(video.srcObject).toBe(stream);
  expect(video.muted).toBe(true);
  expect(video.getAttribute("aria-label")).toBe("You");
});

it("tells when a picture comes and when it stops coming", async () => {
  const told: boolean[] = [];
  let moving: (is: boolean) => void = () => {};
  let watching = true;
  const watch = (_: HTMLVideoElement, onChange: (is: boolean) => void) => {
    moving = onChange;
    return () => {
      watching = false;
    };
  };
  const page = await mount(
    <LiveVideo stream={null} label="Applicant" watch={watch} onPlaying={(is) => told.push(is)} />,
  );
  await page.fire(page.find("video"), "playing");
  await page.fire(page.find("video"), "emptied");
  moving(true);
  moving(false);
  expect(told).toEqual([true, false, true, false]);
  await unmountAll();
  expect(watching).toBe(false);
});
