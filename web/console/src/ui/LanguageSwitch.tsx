import { chooseLanguage, LANGUAGE_NAMES, LANGUAGES, type Language, language } from "../i18n";
import { commonText } from "../text";
import styles from "./LanguageSwitch.module.css";

/** The page's language, each under its own name. */
export function LanguageSwitch() {
  return (
    <select
      class={styles.select}
      aria-label={commonText("common.language")}
      value={language.value}
      onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}
    >
      {LANGUAGES.map((one) => (
        <option key={one} value={one} lang={one}>
          {LANGUAGE_NAMES[one]}
        </option>
      ))}
    </select>
  );
}
