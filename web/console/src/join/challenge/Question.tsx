import type { ChallengeAnswer, ChallengeKind } from "../../types";
import { Button } from "../../ui/Button";
import { joinText } from "../text";
import styles from "./Overlay.module.css";

export interface QuestionProps {
  titleId: string;
  kind: ChallengeKind;
  /** The applicant's microphone, if there is one: digits are read aloud. */
  microphone: MediaStreamTrack | undefined;
  onReady: () => void;
  onAnswer: (answer: Exclude<ChallengeAnswer, "ready" | "reduced_motion">) => void;
}

/** What will happen and why; nothing happens before the applicant says that they are ready. */
export function Question({ titleId, kind, microphone, onReady, onAnswer }: QuestionProps) {
  const isMuted = kind === "digits" && microphone?.enabled === false;
  function ready() {
    if (isMuted) microphone.enabled = true;
    onReady();
  }
  return (
    <div class={styles.question}>
      <h2 id={titleId}>{joinText(`challenge.${kind}Title`)}</h2>
      <p>{joinText(`challenge.${kind}Text`)}</p>
      {isMuted && <p>{joinText("challenge.muted")}</p>}
      <p class={styles.why}>{joinText("challenge.why")}</p>
      <div class={styles.answers}>
        <Button kind="primary" size="large" onClick={ready}>
          {joinText(isMuted ? "challenge.unmuteReady" : "challenge.ready")}
        </Button>
        {kind === "flash" && (
          <Button size="large" onClick={() => onAnswer("photosensitive")}>
            {joinText("challenge.photosensitive")}
          </Button>
        )}
        <Button kind="quiet" size="large" onClick={() => onAnswer("refused")}>
          {joinText("challenge.refuse")}
        </Button>
      </div>
    </div>
  );
}
