export const common = {
  "common.comma": ", ",
  "common.language": "Language",
  "common.close": "Close",
  "common.cancel": "Cancel",
  "common.retry": "Try again",
  "common.loading": "Loading",
  "common.microphone": "Microphone",
  "common.camera": "Camera",
  "common.mute": "Mute",
  "common.unmute": "Unmute",
  "common.cameraOff": "Stop camera",
  "common.cameraOn": "Start camera",
  "common.level": "Microphone level",
  "call.connecting": "Connecting",
  "call.connected": "Connected",
  "call.reconnecting": "The connection was lost. Reconnecting; the interview goes on where it stopped.",
  "call.refused": "The service did not take the call: {why}",
  "stream.lost": "Live updates stopped. Reconnecting.",
  "media.insecure":
    "Browsers give out the camera only over HTTPS. Open this page with an address that starts with https://.",
  "media.denied":
    "The browser has blocked the camera or microphone. Choose the icon left of the address, allow both, then try again.",
  "media.absent": "No camera or microphone was found. Connect one, then try again.",
  "media.busy":
    "Another program is using the camera or microphone. Close it (another meeting, the camera app), then try again.",
  "media.failed": "The camera could not be started: {detail}",
};

export type Common = Record<keyof typeof common, string>;
