import { type Signal, signal } from "@preact/signals";
import type { Failure, Result } from "../result";
import { laterOnClock } from "../stream";
import type { Description, IceServer } from "../types";

export type CallState = "connecting" | "connected" | "reconnecting" | "refused" | "closed";

export interface CallOptions {
  /** What this side sends; without it, or without one of the two, it only receives. */
  local: MediaStream | null;
  iceServers: IceServer[];
  offer: (sdp: string) => Promise<Result<Description>>;
  createPeer?: (configuration: RTCConfiguration) => RTCPeerConnection;
  wait?: (ms: number, then: () => void) => () => void;
}

const GATHERING_CAP_MS = 2000;
/** A connection that reports trouble often mends by itself; past this it is made anew. */
const PATIENCE_MS = 4000;
const BACK_OFF_MS = [500, 1000, 2000, 4000, 8000];
const MAX_VIDEO_BITRATE = 1_500_000;

/** One side of a call. Offers once all candidates are gathered, and makes a new connection when one is lost. */
export class Call {
  readonly state: Signal<CallState> = signal<CallState>("connecting");
  readonly remote: Signal<MediaStream | null> = signal<MediaStream | null>(null);
  readonly failure: Signal<Failure | null> = signal<Failure | null>(null);
  #peer: RTCPeerConnection | null = null;
  #attempts = 0;
  #cancelWait = () => {};
  readonly #options: CallOptions;
  readonly #wait: (ms: number, then: () => void) => () => void;

  constructor(options: CallOptions) {
    this.#options = options;
    this.#wait = options.wait ?? laterOnClock;
  }

  /** Connect. Comes back when the offer was answered or refused; `state` tells the rest. */
  async start(): Promise<void> {
    this.#cancelWait();
    this.#peer?.close();
    const peer = this.#createPeer();
    this.#peer = peer;
    await this.#describe(peer);
    await gathered(peer, this.#wait);
    if (this.#peer !== peer) return;
    const answer = await this.#options.offer(peer.localDescription?.sdp ?? "");
    if (this.#peer !== peer) return;
    await this.#accept(peer, answer);
  }

  /** WebRTC's statistics of the present connection; null where there is none. */
  async stats(): Promise<RTCStatsReport | null> {
    try {
      return (await this.#peer?.getStats()) ?? null;
    } catch {
      return null;
    }
  }

  /** Hang up. The devices stay open; they are the page's. */
  close(): void {
    this.#cancelWait();
    this.#peer?.close();
    this.#peer = null;
    this.state.value = "closed";
  }

  #createPeer(): RTCPeerConnection {
    const create = this.#options.createPeer ?? ((configuration) => new RTCPeerConnection(configuration));
    const peer = create({ iceServers: this.#options.iceServers.map(iceServer) });
    peer.addEventListener("connectionstatechange", () => this.#followConnection(peer));
    peer.addEventListener("track", (event) => {
      const [stream] = event.streams;
      this.remote.value = withTrack(stream ?? this.remote.value, event.track);
    });
    return peer;
  }

  async #describe(peer: RTCPeerConnection): Promise<void> {
    const { local } = this.#options;
    const streams = local ? [local] : [];
    peer.addTransceiver(local?.getAudioTracks()[0] ?? "audio", { direction: "sendrecv", streams });
    const video = peer.addTransceiver(local?.getVideoTracks()[0] ?? "video", {
      direction: "sendrecv",
      streams,
      sendEncodings: [{ maxBitrate: MAX_VIDEO_BITRATE }],
    });
    await peer.setLocalDescription(await peer.createOffer());
    await keepResolution(video.sender);
  }

  async #accept(peer: RTCPeerConnection, answer: Result<Description>): Promise<void> {
    const failure = answer.ok ? await taken(peer, answer.value) : answer.failure;
    if (failure === null) return;
    this.failure.value = failure;
    if (isPassing(failure)) this.#retry();
    else this.#refuse();
  }

  #refuse(): void {
    this.#peer?.close();
    this.#peer = null;
    this.state.value = "refused";
  }

  #followConnection(peer: RTCPeerConnection): void {
    if (peer !== this.#peer) return;
    if (peer.connectionState === "connected") this.#connected();
    if (peer.connectionState === "failed") this.#retry();
    if (peer.connectionState === "disconnected") this.#retry(PATIENCE_MS);
  }

  #connected(): void {
    this.#cancelWait();
    this.#attempts = 0;
    this.failure.value = null;
    this.state.value = "connected";
  }

  #retry(delay = BACK_OFF_MS[Math.min(this.#attempts, BACK_OFF_MS.length - 1)] ?? 0): void {
    this.state.value = "reconnecting";
    this.#attempts += 1;
    this.#cancelWait();
    this.#cancelWait = this.#wait(delay, () => void this.start());
  }
}

/** Hand the answer to the browser; a browser that cannot use it says why. */
async function taken(peer: RTCPeerConnection, answer: Description): Promise<Failure | null> {
  try {
    await peer.setRemoteDescription(answer);
    return null;
  } catch (error) {
    const why = (error as DOMException).message;
    return { code: "answer_unusable", status: 400, message: why, messageZh: why };
  }
}

/** Failures that pass by themselves: no answer, a restarting service, too many calls at once. */
const isPassing = ({ status }: Failure): boolean => status === 0 || status === 429 || status >= 500;

function iceServer({ urls, username, credential }: IceServer): RTCIceServer {
  return username && credential ? { urls, username, credential } : { urls };
}

function withTrack(stream: MediaStream | null, track: MediaStreamTrack): MediaStream {
  return new MediaStream([
    ...(stream?.getTracks() ?? []).filter((other) => other.kind !== track.kind),
    track,
  ]);
}

/** Under a weak network faces need pixels more than frames. */
async function keepResolution(sender: RTCRtpSender): Promise<void> {
  const parameters = { ...sender.getParameters(), degradationPreference: "maintain-resolution" as const };
  try {
    await sender.setParameters(parameters);
  } catch {
    // Browsers that do not know the preference keep their own; the call works all the same.
  }
}

/** Until every candidate is known, at most two seconds: the service takes one offer, complete. */
function gathered(
  peer: RTCPeerConnection,
  wait: (ms: number, then: () => void) => () => void,
): Promise<void> {
  return new Promise((resolve) => {
    const cancel = wait(GATHERING_CAP_MS, resolve);
    const look = () => {
      if (peer.iceGatheringState !== "complete") return;
      cancel();
      resolve();
    };
    peer.addEventListener("icegatheringstatechange", look);
    look();
  });
}
