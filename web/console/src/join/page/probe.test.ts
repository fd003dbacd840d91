import { expect, it } from "vitest";
import { settle } from "../../testing/mount";
import { CameraProbe } from "./probe";

interface Camera {
  /** What a format costs, ms. */
  cost: number;
  /** Formats that it does not have. */
  refuses?: (height: number) => boolean;
  /** It never answers. */
  isDead?: boolean;
}

function probe({ cost, refuses = () => false, isDead = false }: Camera) {
  const asked: MediaTrackConstraints[] = [];
  let [time, settings] = [0, { height: 480, frameRate: 30 }];
  const track = {
    getConstraints: () => ({ height: { ideal: 480 } }),
    getSettings: () => settings,
    applyConstraints: async (wanted: MediaTrackConstraints) => {
      asked.push(wanted);
      time += cost;
      const { exact: height } = wanted.height as { exact?: number };
      if (isDead) await new Promise(() => {});
      if (height && refuses(height)) throw new DOMException("no", "OverconstrainedError");
      if (height) settings = { height, frameRate: (wanted.frameRate as { exact: number }).exact };
    },
  };
  const over: (() => void)[] = [];
  const patience = () => ({
    over: new Promise<string>((resolve) => over.push(() => resolve("Timeout"))),
    cancel: () => {},
  });
  const one = new CameraProbe(track as unknown as MediaStreamTrack, () => time, patience);
  return { one, asked, over };
}

it("asks for three heights at two rates, and puts the camera back", async () => {
  const { one, asked } = probe({ cost: 20 });
  await one.done;
  const formats = one.tries.map(({ height, frame_rate }) => `${height}p${frame_rate}`).sort();
  expect(formats).toEqual(["240p15", "240p30", "480p15", "480p30", "720p15", "720p30"]);
  expect(one.tries[0]).toEqual({
    height: 480,
    frame_rate: 15,
    got_height: 480,
    got_frame_rate: 15,
    took_ms: 20,
    error: "",
  });
  expect(asked.at(-1)).toEqual({ height: { ideal: 480 } });
});

it("writes down what the camera refuses, with what it gives instead", async () => {
  const { one } = probe({ cost: 20, refuses: (height) => height === 720 });
  await one.done;
  expect(one.tries.find((each) => each.height === 720)).toMatchObject({
    got_height: 480,
    error: "OverconstrainedError",
  });
});

it("costs a slow camera less than two seconds: it asks for less", async () => {
  const { one, asked } = probe({ cost: 600 });
  await one.done;
  expect(one.tries.length).toBe(3);
  expect(asked.length).toBe(4);
});

it("gives way at once when the applicant goes on", async () => {
  const { one, asked } = probe({ cost: 20 });
  await one.stop();
  expect(one.tries.length).toBe(1);
  expect(asked.at(-1)).toEqual({ height: { ideal: 480 } });
});

it("leaves a camera alone that does not answer", async () => {
  const { one, over } = probe({ cost: 20, isDead: true });
  for (let round = 0; round < 2; round += 1) {
    await settle();
    for (const give of over.splice(0)) give();
  }
  await one.done;
  expect(one.tries.map((each) => each.error)).toEqual(["Timeout"]);
});
