import { useState } from "preact/hooks";
import type { JoinApi } from "../api";
import { failureText, language } from "../i18n";
import type { Failure } from "../result";
import type { ConsentGiven, Join } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import styles from "./Consent.module.css";
import { joinText } from "./text";

export interface ConsentProps {
  api: JoinApi;
  invitation: Join;
  onGiven: (invitation: Join) => void;
}

type Part = Join["asked"][number];

const NONE: ConsentGiven = { recording: false, face: false, voice: false, behaviour: false };

/** Yes to everything that is asked, and to nothing else. */
const allOf = (asked: Part[]): ConsentGiven => ({
  ...NONE,
  ...Object.fromEntries(asked.map((part) => [part, true])),
});

/** Consent in parts, those that this interview asks for. Agreeing to all is one tap; choosing starts from nothing, so that a tick is always the applicant's. */
export function Consent({ api, invitation, onGiven }: ConsentProps) {
  const [isChoosing, setChoosing] = useState(false);
  const [chosen, setChosen] = useState(NONE);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function give(consent: ConsentGiven) {
    setBusy(true);
    setFailure(null);
    const result = await api.consent(consent);
    setBusy(false);
    if (result.ok) onGiven(result.value);
    else setFailure(result.failure);
  }

  const product = language.value === "en" ? invitation.product_en : invitation.product_zh;
  return (
    <>
      <div class={styles.greeting}>
        <h1>{joinText("join.greeting", { name: invitation.applicant_name })}</h1>
        <p>{joinText("join.purpose", { institution: invitation.institution, product })}</p>
      </div>
      <section class={styles.parts} aria-labelledby="consent-title">
        <h2 id="consent-title">{joinText("consent.title")}</h2>
        <p>{joinText("consent.intro")}</p>
        <ul>
          {invitation.asked.map((part) => (
            <PartRow
              key={part}
              part={part}
              given={isChoosing ? chosen[part] : null}
              onChange={(given) => setChosen({ ...chosen, [part]: given })}
            />
          ))}
        </ul>
      </section>
      {failure && <Banner tone="danger">{failureText(failure)}</Banner>}
      <div class={styles.actions}>
        {isChoosing && !chosen.recording && <Banner tone="info">{joinText("consent.refused")}</Banner>}
        {isChoosing && (
          <Button kind="primary" size="large" busy={busy} onClick={() => void give(chosen)}>
            {joinText("consent.chosen")}
          </Button>
        )}
        {!isChoosing && (
          <>
            <Button
              kind="primary"
              size="large"
              busy={busy}
              onClick={() => void give(allOf(invitation.asked))}
            >
              {joinText("consent.all")}
            </Button>
            <Button kind="quiet" size="large" onClick={() => setChoosing(true)}>
              {joinText("consent.choose")}
            </Button>
          </>
        )}
      </div>
    </>
  );
}

/** One part with why it is asked for; a switch once the applicant chooses one by one. */
function PartRow({
  part,
  given,
  onChange,
}: {
  part: Part;
  given: boolean | null;
  onChange: (given: boolean) => void;
}) {
  const words = (
    <span>
      <b>{joinText(`consent.${part}`)}</b>
      {part === "recording" && <em>{joinText("consent.required")}</em>}
      <small>{joinText(`consent.${part}Why`)}</small>
    </span>
  );
  if (given === null) return <li class={styles.part}>{words}</li>;
  return (
    <li>
      <label class={styles.part}>
        {words}
        <input
          type="checkbox"
          role="switch"
          aria-checked={given}
          checked={given}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      </label>
    </li>
  );
}
