import { useState } from "preact/hooks";
import { failureText } from "../i18n";
import type { Failure } from "../result";
import type { SessionDetail } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { useConsole } from "./context";
import { voiceMeasured } from "./measured";
import { text } from "./text";
import styles from "./VoiceReference.module.css";
import { NO_VOICE, putVoice, VoiceSource } from "./VoiceSource";

export interface VoiceReferenceProps {
  detail: SessionDetail;
  onChange: (detail: SessionDetail) => void;
}

/** Before the interview starts: whether the voice is going to be compared, and another reference for it. */
export function VoiceReference({ detail, onChange }: VoiceReferenceProps) {
  const { api } = useConsole();
  const [voice, setVoice] = useState(NO_VOICE);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function save() {
    const form = new FormData();
    putVoice(form, voice);
    setBusy(true);
    setFailure(null);
    const result = await api.replaceVoice(detail.id, form);
    setBusy(false);
    if (!result.ok) return setFailure(result.failure);
    setVoice(NO_VOICE);
    onChange(result.value);
  }

  const used = detail.references.find((one) => one.modality === "voice" && one.used);
  const measured = used && voiceMeasured(used);
  return (
    <section class={styles.voice}>
      <p>
        {text(detail.has_voice_reference ? "lobby.voiceThere" : "lobby.voiceMissing")}
        {measured && <small class={styles.measured}>{measured}</small>}
      </p>
      <VoiceSource applicant={detail.applicant_name} voice={voice} onChange={setVoice} />
      {failure && <Banner tone="danger">{failureText(failure)}</Banner>}
      {(voice.file ?? voice.from) && (
        <Button busy={busy} onClick={() => void save()}>
          {text(busy ? "new.submitting" : "lobby.voiceSave")}
        </Button>
      )}
    </section>
  );
}
