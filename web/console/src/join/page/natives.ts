/** Functions that a hook on the camera or the connection would replace, by name. */
export function watchedFunctions(scope: typeof globalThis = globalThis): Record<string, unknown> {
  const { navigator, MediaStreamTrack, RTCPeerConnection, HTMLCanvasElement } = scope;
  return {
    getUserMedia: navigator.mediaDevices?.getUserMedia,
    enumerateDevices: navigator.mediaDevices?.enumerateDevices,
    getDisplayMedia: navigator.mediaDevices?.getDisplayMedia,
    getSettings: MediaStreamTrack?.prototype.getSettings,
    getCapabilities: MediaStreamTrack?.prototype.getCapabilities,
    applyConstraints: MediaStreamTrack?.prototype.applyConstraints,
    RTCPeerConnection,
    addTransceiver: RTCPeerConnection?.prototype.addTransceiver,
    getStats: RTCPeerConnection?.prototype.getStats,
    captureStream: HTMLCanvasElement?.prototype.captureStream,
    toString: Function.prototype.toString,
  };
}

/** Whether each function that exists is the browser's own. A function that the browser lacks is left out. */
export function nativesOf(functions: Record<string, unknown>): Record<string, boolean> {
  const found = Object.entries(functions).filter(([, one]) => typeof one === "function");
  return Object.fromEntries(found.map(([name, one]) => [name, isNative(one as () => unknown)]));
}

/** A browser's own function has no source text. Neither has one that was bound, but its name says so. */
function isNative(one: () => unknown): boolean {
  if (one.name.startsWith("bound ")) return false;
  return /^(?:function|class)[^{]*\{\s*\[native code\]\s*\}$/.test(
    Function.prototype.toString.call(one).trim(),
  );
}
