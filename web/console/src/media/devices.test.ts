import { describe, expect, it } from "vitest";
import { CALL_MEDIA, openDevices, stopStream } from "./devices";

const failing = (name: string) => ({
  getUserMedia: () => Promise.reject(new DOMException("said the browser", name)),
});

describe("openDevices", () => {
  it("gives the stream, asked for as the analysis needs it", async () => {
    const stream = new MediaStream();
    const asked: unknown[] = [];
    const devices = {
      getUserMedia: async (wanted?: MediaStreamConstraints) => {
        asked.push(wanted);
        return stream;
      },
    };
    expect(await openDevices(CALL_MEDIA, devices)).toEqual({ ok: true, stream });
    expect(asked).toEqual([CALL_MEDIA]);
  });

  it.each([
    ["NotAllowedError", "denied"],
    ["NotFoundError", "absent"],
    ["NotReadableError", "busy"],
    ["SomethingNew", "failed"],
  ])("says of %s that it is %s", async (name, code) => {
    const problem = { code, detail: "said the browser" };
    expect(await openDevices(CALL_MEDIA, failing(name))).toEqual({ ok: false, problem });
  });

  it("knows a page without HTTPS", async () => {
    const devices = await openDevices(CALL_MEDIA, null);
    expect(devices).toEqual({ ok: false, problem: { code: "insecure", detail: "" } });
  });
});

it("stops every track", () => {
  const tracks = [0, 0];
  const stream = { getTracks: () => tracks.map((_, i) => ({ stop: () => (tracks[i] = 1) })) };
  stopStream(stream as unknown as MediaStream);
  stopStream(null);
  expect(tracks).toEqual([1, 1]);
});
