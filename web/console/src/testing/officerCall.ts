import type { OfficerCall } from "../console/useOfficerCall";
import { Call } from "../media/peer";
import { success } from "../result";
import { FakePeer } from "./FakePeer";

/** An officer who is not in the call, and counts what is asked of them. */
export function officerCall(part: Partial<OfficerCall> = {}): OfficerCall & { asked: string[] } {
  const asked: string[] = [];
  return {
    call: null,
    local: null,
    opening: false,
    problem: null,
    join: async (silently = false) => void asked.push(silently ? "join silently" : "join"),
    leave: () => void asked.push("leave"),
    ...part,
    asked,
  };
}

/** A call over connections that a test drives. */
export function fakeCall(): { call: Call; peers: FakePeer[] } {
  const peers: FakePeer[] = [];
  const call = new Call({
    local: null,
    iceServers: [],
    offer: async () => success({ sdp: "an answer", type: "answer" as const }),
    createPeer: () => {
      const peer = new FakePeer();
      peers.push(peer);
      return peer.asPeer();
    },
    wait: () => () => {},
  });
  return { call, peers };
}
