import { describe, expect, it } from "vitest";
import { failed, type Result, success } from "../result";
import { FakePeer } from "../testing/FakePeer";
import { settle } from "../testing/mount";
import type { Description } from "../types";
import { Call } from "./peer";

const ANSWER = success<Description>({ sdp: "an answer", type: "answer" });
const refusal = (status: number): Result<Description> =>
  failed({ code: "x", status, message: "no", messageZh: "不" });

function begin(...answers: Result<Description>[]) {
  const peers: FakePeer[] = [];
  const waits: { ms: number; then: () => void; cancelled: boolean }[] = [];
  const offers: string[] = [];
  const call = new Call({
    local: null,
    iceServers: [{ urls: "turn:x", username: "u", credential: "c" }],
    offer: async (sdp) => {
      offers.push(sdp);
      return answers.shift() ?? ANSWER;
    },
    createPeer: () => {
      const peer = new FakePeer();
      peers.push(peer);
      return peer.asPeer();
    },
    wait: (ms, then) => {
      const entry = { ms, then, cancelled: false };
      waits.push(entry);
      return () => {
        entry.cancelled = true;
      };
    },
  });
  const pending = () => waits.filter((one) => !one.cancelled);
  return { call, peers, offers, pending };
}

describe("Call", () => {
  it("offers audio and video both ways and takes the answer", async () => {
    const { call, peers, offers } = begin();
    await call.start();
    expect(offers).toEqual(["an offer"]);
    expect(peers[0]?.transceivers.map((one) => [one.of, one.init?.direction])).toEqual([
      ["audio", "sendrecv"],
      ["video", "sendrecv"],
    ]);
    expect(peers[0]?.transceivers[1]?.init?.sendEncodings).toEqual([{ maxBitrate: 1_500_000 }]);
    expect(peers[0]?.parameters).toEqual({ degradationPreference: "maintain-resolution" });
    expect(peers[0]?.remoteDescription).toEqual({ sdp: "an answer", type: "answer" });
    expect(call.state.value).toBe("connecting");
    peers[0]?.become("connected");
    expect(call.state.value).toBe("connected");
  });

  it("makes a new connection when one fails, ever more slowly, and starts over once connected", async () => {
    const { call, peers, pending } = begin();
    await call.start();
    for (const ms of [500, 1000, 2000]) {
      peers.at(-1)?.become("failed");
      expect(call.state.value).toBe("reconnecting");
      expect(pending().at(-1)?.ms).toBe(ms);
      pending().at(-1)?.then();
      await settle();
    }
    expect(peers.map((one) => one.closed)).toEqual([true, true, true, false]);
    peers[3]?.become("connected");
    peers[3]?.become("failed");
    expect(pending().at(-1)?.ms).toBe(500);
  });

  it("waits a while for a connection that mends by itself", async () => {
    const { call, peers, pending } = begin();
    await call.start();
    peers[0]?.become("disconnected");
    expect(pending().at(-1)?.ms).toBe(4000);
    peers[0]?.become("connected");
    expect([call.state.value, pending()]).toEqual(["connected", []]);
  });

  it("tries again while the service restarts", async () => {
    const { call, peers, pending } = begin(refusal(503));
    await call.start();
    expect([call.state.value, call.failure.value?.status]).toEqual(["reconnecting", 503]);
    pending().at(-1)?.then();
    await settle();
    peers[1]?.become("connected");
    expect([call.state.value, call.failure.value]).toEqual(["connected", null]);
  });

  it("stops when the service refuses, and says why", async () => {
    const { call, peers, pending } = begin(refusal(409));
    await call.start();
    expect([call.state.value, call.failure.value?.message]).toEqual(["refused", "no"]);
    expect([peers[0]?.closed, pending()]).toEqual([true, []]);
  });

  it("ignores what an old connection says after hanging up", async () => {
    const { call, peers, pending } = begin();
    await call.start();
    call.close();
    peers[0]?.become("failed");
    expect([call.state.value, pending()]).toEqual(["closed", []]);
  });

  it("offers what it has when gathering takes longer than two seconds", async () => {
    const peer = new FakePeer();
    peer.iceGatheringState = "gathering";
    const offers: string[] = [];
    const waits: { ms: number; then: () => void }[] = [];
    const call = new Call({
      local: null,
      iceServers: [],
      offer: async (sdp) => {
        offers.push(sdp);
        return ANSWER;
      },
      createPeer: () => peer.asPeer(),
      wait: (ms, then) => {
        waits.push({ ms, then });
        return () => {};
      },
    });
    const started = call.start();
    await settle();
    expect([offers, waits.map((one) => one.ms)]).toEqual([[], [2000]]);
    waits[0]?.then();
    await started;
    expect(offers).toEqual(["an offer"]);
  });
});
