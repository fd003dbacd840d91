import { useEffect, useState } from "preact/hooks";
import { failureText, LANGUAGE_NAMES, type Language, language, localName } from "../i18n";
import type { Failure } from "../result";
import { go, hrefOf } from "../route";
import { commonText } from "../text";
import { Banner } from "../ui/Banner";
import { Button, LinkButton } from "../ui/Button";
import { Field } from "../ui/Field";
import { useConsole } from "./context";
import { FilePick } from "./FilePick";
import styles from "./NewInterview.module.css";
import { text } from "./text";
import { NO_VOICE, putVoice, type Voice, VoiceSource } from "./VoiceSource";

interface Draft {
  name: string;
  product: string;
  language: string;
  photo: File | null;
  voice: Voice;
}

export function NewInterview() {
  const { api, config } = useConsole();
  const [draft, setDraft] = useState<Draft>({
    name: "",
    product: config.products[0]?.id ?? "",
    language: language.value,
    photo: null,
    voice: NO_VOICE,
  });
  const [applicant, setApplicant] = useState("");
  const [checked, setChecked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const preview = usePreview(draft.photo);
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });

  /** An interview with somebody else must not give this applicant's voice. */
  function nameGiven() {
    if (draft.name.trim() === applicant) return;
    setApplicant(draft.name.trim());
    change({ voice: { ...draft.voice, from: "" } });
  }

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    setChecked(true);
    if (busy || !draft.name.trim() || !draft.photo) return;
    setBusy(true);
    setFailure(null);
    const result = await api.createSession(formOf(draft, draft.photo));
    setBusy(false);
    if (result.ok) go({ page: "session", id: result.value.id });
    else setFailure(result.failure);
  }

  return (
    <form class={styles.form} onSubmit={submit} noValidate>
      <h1>{text("new.title")}</h1>
      <div class={styles.fields}>
        <Field
          label={text("new.name")}
          hint={text("new.nameHint")}
          error={checked && !draft.name.trim() ? text("new.nameMissing") : undefined}
        >
          <input
            name="applicant_name"
            autocomplete="off"
            value={draft.name}
            onInput={(event) => change({ name: event.currentTarget.value })}
            onBlur={nameGiven}
          />
        </Field>
        <div class={styles.pair}>
          <Field label={text("new.product")}>
            <select
              name="product"
              value={draft.product}
              onChange={(event) => change({ product: event.currentTarget.value })}
            >
              {config.products.map((product) => (
                <option key={product.id} value={product.id}>
                  {localName(product)}
                </option>
              ))}
            </select>
          </Field>
          <Field label={text("new.language")}>
            <select
              name="language"
              value={draft.language}
              onChange={(event) => change({ language: event.currentTarget.value })}
            >
              {config.languages.map((one) => (
                <option key={one} value={one}>
                  {LANGUAGE_NAMES[one as Language] ?? one}
                </option>
              ))}
            </select>
          </Field>
        </div>
        <FilePick
          label={text("new.photo")}
          hint={text("new.photoHint")}
          accept="image/jpeg,image/png,image/webp"
          file={draft.photo}
          preview={preview}
          error={checked && !draft.photo ? text("new.photoMissing") : undefined}
          onPick={(photo) => change({ photo })}
        />
        <VoiceSource applicant={applicant} voice={draft.voice} onChange={(voice) => change({ voice })} />
        <p class={styles.note}>{text("new.enrols")}</p>
        {failure && <Banner tone="danger">{failureText(failure)}</Banner>}
      </div>
      <div class={styles.actions}>
        <LinkButton href={hrefOf({ page: "list" })}>{commonText("common.cancel")}</LinkButton>
        <Button kind="primary" submit busy={busy}>
          {text(busy ? "new.submitting" : "new.submit")}
        </Button>
      </div>
    </form>
  );
}

function formOf(draft: Draft, photo: File): FormData {
  const form = new FormData();
  form.set("applicant_name", draft.name.trim());
  form.set("product", draft.product);
  form.set("language", draft.language);
  form.set("id_photo", photo);
  putVoice(form, draft.voice);
  return form;
}

function usePreview(file: File | null): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!file) {
      setAddress(null);
      return undefined;
    }
    const fresh = URL.createObjectURL(file);
    setAddress(fresh);
    return () => URL.revokeObjectURL(fresh);
  }, [file]);
  return address;
}
