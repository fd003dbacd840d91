/** A peer connection that gathers at once and connects when a test says so. */
export class FakePeer extends EventTarget {
  connectionState: RTCPeerConnectionState = "new";
  iceGatheringState: RTCIceGatheringState = "complete";
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  closed = false;
  readonly transceivers: { of: unknown; init: RTCRtpTransceiverInit | undefined }[] = [];
  parameters: Record<string, unknown> = {};

  addTransceiver(of: unknown, init?: RTCRtpTransceiverInit) {
    this.transceivers.push({ of, init });
    const sender = {
      getParameters: () => ({}),
      setParameters: async (parameters: Record<string, unknown>) => {
        this.parameters = parameters;
      },
    };
    return { sender };
  }

  async createOffer() {
    return { type: "offer" as const, sdp: "an offer" };
  }

  async setLocalDescription(description: RTCSessionDescriptionInit) {
    this.localDescription = description;
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit) {
    this.remoteDescription = description;
  }

  close() {
    this.closed = true;
  }

  become(state: RTCPeerConnectionState) {
    this.connectionState = state;
    this.dispatchEvent(new Event("connectionstatechange"));
  }

  asPeer(): RTCPeerConnection {
    return this as unknown as RTCPeerConnection;
  }
}
