import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { CALL_MEDIA, type DeviceProblem, openDevices, stopStream } from "../media/devices";
import { Call } from "../media/peer";
import { useConsole } from "./context";

export interface OfficerCall {
  call: Call | null;
  local: MediaStream | null;
  opening: boolean;
  problem: DeviceProblem | null;
  /** Open the devices and join; `silently` joins without any, to see and hear only. */
  join: (silently?: boolean) => Promise<void>;
  /** Leave; the interview goes on. */
  leave: () => void;
}

/** The officer's side of a call. Without a camera the microphone alone will do. */
export function useOfficerCall(id: string): OfficerCall {
  const { api, config } = useConsole();
  const [call, setCall] = useState<Call | null>(null);
  const [local, setLocal] = useState<MediaStream | null>(null);
  const [opening, setOpening] = useState(false);
  const [problem, setProblem] = useState<DeviceProblem | null>(null);
  const current = useRef<{ call: Call | null; local: MediaStream | null; gone: boolean }>({
    call: null,
    local: null,
    gone: false,
  });

  const hangUp = useCallback(() => {
    current.current.call?.close();
    stopStream(current.current.local);
    current.current.call = null;
    current.current.local = null;
  }, []);
  useEffect(() => {
    current.current.gone = false;
    return () => {
      current.current.gone = true;
      hangUp();
    };
  }, [hangUp]);

  async function join(silently = false) {
    setOpening(true);
    setProblem(null);
    const devices = silently ? null : await openOfficerDevices();
    setOpening(false);
    if (devices && !devices.ok) {
      setProblem(devices.problem);
      return;
    }
    const stream = devices?.ok ? devices.stream : null;
    if (current.current.gone) {
      stopStream(stream);
      return;
    }
    const fresh = new Call({
      local: stream,
      iceServers: config.ice_servers,
      offer: (sdp) => api.offer(id, sdp),
    });
    current.current.call = fresh;
    current.current.local = stream;
    setLocal(stream);
    setCall(fresh);
    await fresh.start();
  }

  function leave() {
    hangUp();
    setCall(null);
    setLocal(null);
    void api.leave(id);
  }

  return { call, local, opening, problem, join, leave };
}

async function openOfficerDevices() {
  const both = await openDevices();
  if (both.ok || both.problem.code !== "absent") return both;
  const soundOnly = await openDevices({ ...CALL_MEDIA, video: false });
  return soundOnly.ok ? soundOnly : both;
}
