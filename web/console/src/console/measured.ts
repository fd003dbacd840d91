import type { SessionDetail } from "../types";
import { speechSeconds } from "./SpeechMeter";
import { text } from "./text";

/** What a voice reference was found to hold; null where that was not measured, as for a picture. */
export function voiceMeasured({ measured }: SessionDetail["references"][number]): string | null {
  const { net_speech_s, utterances, snr_db } = measured;
  if (net_speech_s === undefined || utterances === undefined || snr_db === undefined) return null;
  return text("lobby.voiceMeasured", {
    seconds: speechSeconds(net_speech_s),
    n: utterances,
    snr: snr_db.toFixed(0),
  });
}
