import { sessionUrl } from "../api";
import { familyName } from "../assessment/text";
import { useConsole } from "../console/context";
import { speechSeconds } from "../console/SpeechMeter";
import { text } from "../console/text";
import { type Loaded, useLoad } from "../console/useLoad";
import { clock, dateTime, percent } from "../format";
import { failureText, LANGUAGE_NAMES, type Language } from "../i18n";
import { success } from "../result";
import type { ConfirmedOutcome, SessionDetail, SpeechHeard } from "../types";
import styles from "./Facts.module.css";
import { References, type ReferencesProps } from "./References";
import { reviewText } from "./text";

const NOTHING = success(null);

/** What the interview was made of: when, with whose consent, against which references, by which models. */
export function Facts({ detail, onChange }: ReferencesProps) {
  const { api, user } = useConsole();
  const reviews = user.role !== "officer";
  const outcome = useLoad(async () => (reviews ? await api.outcome(detail.id) : NOTHING), detail.id);
  const speech = useLoad(() => api.speech(detail.id), detail.id);
  const none = reviewText("record.noneYet");
  const rows: [string, string][] = [
    [reviewText("record.session"), detail.id],
    [text("new.language"), LANGUAGE_NAMES[detail.language as Language] ?? detail.language],
    [reviewText("record.started"), detail.started_at ? dateTime(detail.started_at) : none],
    [reviewText("record.sealed"), detail.sealed_at ? dateTime(detail.sealed_at) : none],
    [reviewText("record.duration"), detail.duration_s === null ? none : clock(detail.duration_s)],
    [reviewText("record.speech"), speech.failure ? failureText(speech.failure) : speechText(speech, detail)],
    [reviewText("record.segments"), String(detail.segments.filter((one) => one.side === "applicant").length)],
    [reviewText("record.consent"), consentText(detail) || none],
    [reviewText("record.prior"), percent(detail.prior)],
    [reviewText("record.parameters"), detail.parameters || none],
    [reviewText("record.policy"), detail.policy || none],
    ...outcomeRows(outcome),
  ];
  return (
    <div class={styles.facts}>
      <img src={sessionUrl(detail.id, "id-photo")} alt={reviewText("review.idPhoto")} />
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>{reviewText("record.references")}</dt>
          <dd>
            <References detail={detail} onChange={onChange} />
          </dd>
        </div>
        <div>
          <dt>{reviewText("record.models")}</dt>
          <dd>
            {detail.models.length === 0 && none}
            {detail.models.map((model) => (
              <code key={model}>{model}</code>
            ))}
          </dd>
        </div>
      </dl>
    </div>
  );
}

/** What the bank confirmed afterwards, for those who review: small, and only where there is one. */
function outcomeRows({ value, failure }: Loaded<ConfirmedOutcome | null>): [string, string][] {
  const name = reviewText("record.outcome");
  if (failure) return [[name, failureText(failure)]];
  if (!value) return [];
  const { outcome, family, confirmed_on, by, source } = value;
  const found = [reviewText(`outcome.${outcome}`), family && familyName(family), confirmed_on, by, source];
  return [[name, found.filter(Boolean).join(" · ")]];
}

function speechText(loaded: Loaded<SpeechHeard | null>, { consent }: SessionDetail): string {
  const speech = loaded.value;
  if (loaded.loading) return "…";
  if (!speech) return reviewText(consent?.voice ? "record.speechUnknown" : "record.speechNone");
  return reviewText("record.speechOf", {
    usable: speechSeconds(speech.usable_s),
    heard: speechSeconds(speech.net_speech_s),
    verify: speech.verify_s,
  });
}

/** What the applicant said to what they were asked; what is off where the interview took place is not a refusal. */
function consentText({ asked, consent }: SessionDetail): string {
  if (!consent) return "";
  return asked.map((part) => `${text(`consent.${part}`)} ${consent[part] ? "✓" : "✕"}`).join("  ");
}
