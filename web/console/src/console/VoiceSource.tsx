import { dateTime } from "../format";
import { failureText } from "../i18n";
import type { Failure, Result } from "../result";
import { commonText } from "../text";
import type { SessionPage, SessionSummary } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { useConsole } from "./context";
import { FilePick } from "./FilePick";
import { text } from "./text";
import { useLoad } from "./useLoad";

/** What the voice reference is made of: a recording, or an earlier interview with the same applicant, or neither. */
export interface Voice {
  file: File | null;
  from: string;
}

export const NO_VOICE: Voice = { file: null, from: "" };

export interface VoiceSourceProps {
  /** The applicant whose earlier interviews are offered, once the name is whole. */
  applicant: string;
  voice: Voice;
  onChange: (voice: Voice) => void;
}

/** A recording from disk or, where the applicant was interviewed and approved before, that interview. */
export function VoiceSource({ applicant, voice, onChange }: VoiceSourceProps) {
  const { earlier, failure, reload } = useEarlier(applicant.trim());
  return (
    <>
      <FilePick
        label={text("new.voice")}
        hint={text("new.voiceHint")}
        accept="audio/*"
        file={voice.file}
        onPick={(file) => onChange({ file, from: "" })}
      />
      {failure && (
        <Banner tone="danger" action={<Button onClick={reload}>{commonText("common.retry")}</Button>}>
          {failureText(failure)}
        </Banner>
      )}
      {earlier.length > 0 && !voice.file && (
        <Field label={text("new.voiceFrom")} hint={text("new.voiceFromHint")}>
          <select
            name="voice_from"
            value={voice.from}
            onChange={(event) => onChange({ file: null, from: event.currentTarget.value })}
          >
            <option value="">{text("new.voiceFromNone")}</option>
            {earlier.map((one) => (
              <option key={one.id} value={one.id}>
                {dateTime(one.created_at)}
              </option>
            ))}
          </select>
        </Field>
      )}
    </>
  );
}

/** Put what was chosen into a form. */
export function putVoice(form: FormData, voice: Voice): void {
  if (voice.file) form.set("voice_reference", voice.file);
  else if (voice.from) form.set("voice_from", voice.from);
}

function useEarlier(name: string): {
  earlier: SessionSummary[];
  failure: Failure | null;
  reload: () => void;
} {
  const { api } = useConsole();
  const { value, failure, reload } = useLoad(async (): Promise<Result<SessionPage | null>> => {
    return name ? api.sessions({ state: "decided", q: name, page: 1 }) : { ok: true, value: null };
  }, name);
  const earlier = (value?.items ?? []).filter(
    (one) => one.decision === "approve" && one.applicant_name === name,
  );
  return { earlier, failure, reload };
}
