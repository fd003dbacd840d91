import { challengeRecordUrl } from "../api";
import { clock } from "../format";
import type { Challenge } from "../types";
import { Button } from "../ui/Button";
import { Tag } from "../ui/Tag";
import styles from "./ChallengeCard.module.css";
import { challengeFigures, challengeText, challengeWords, isOpen, leaning, STATE_TONES } from "./text";

export interface ChallengeCardProps {
  session: string;
  challenge: Challenge;
  /** During the call: a result may still come. */
  live?: boolean;
  /** Where given, the challenge can be taken back while it is open. */
  onCancel?: (() => void) | undefined;
  /** Where given, somebody who was spared the light can be asked to turn the head. */
  onHeadTurn?: (() => void) | undefined;
  /** Where given, the evidence leads to its moment. */
  onSeek?: ((t: number) => void) | undefined;
}

/** One challenge: where it is, and what came of it. */
export function ChallengeCard({
  session,
  challenge,
  live = false,
  onCancel,
  onHeadTurn,
  onSeek,
}: ChallengeCardProps) {
  const { kind, state } = challenge;
  const open = isOpen(challenge);
  return (
    <article class={styles.card}>
      <header>
        <strong>{challengeText(`kind.${kind}`)}</strong>
        <Tag tone={STATE_TONES[state]} dot={open}>
          {challengeText(`state.${state}`)}
        </Tag>
        <Span challenge={challenge} onSeek={onSeek} />
        {open && onCancel && (
          <Button size="small" onClick={onCancel}>
            {challengeText("challenge.cancel")}
          </Button>
        )}
      </header>
      {state === "running" && <Progress challenge={challenge} />}
      <p class={styles.words} data-leaning={leaning(challenge) ?? undefined}>
        {challengeWords(challenge, live)}
      </p>
      {challenge.result && <p class={styles.figures}>{challengeFigures(challenge.result).join(" · ")}</p>}
      {state === "spared" && onHeadTurn && (
        <Button size="small" onClick={onHeadTurn}>
          {challengeText("challenge.headInstead")}
        </Button>
      )}
      {!open && !live && (
        <a
          class={styles.record}
          href={challengeRecordUrl(session, challenge.id)}
          target="_blank"
          rel="noopener"
          title={challengeText("challenge.recordHint")}
        >
          {challengeText("challenge.record")}
        </a>
      )}
    </article>
  );
}

function Progress({ challenge: { step, steps } }: { challenge: Challenge }) {
  const label = challengeText("challenge.progress", { step, steps });
  return (
    <div class={styles.progress}>
      <progress max={steps} value={step} aria-label={label} />
      <span aria-hidden="true">
        {step}/{steps}
      </span>
    </div>
  );
}

/** When it was, on the recording's clock. */
function Span({ challenge, onSeek }: { challenge: Challenge; onSeek: ChallengeCardProps["onSeek"] }) {
  const [evidence] = challenge.result?.evidence ?? [];
  const start = evidence?.start ?? challenge.started_s;
  const end = evidence?.end ?? challenge.ended_s;
  if (start === null || end === null) return <span class={styles.span} />;
  const span = `${clock(start)}–${clock(end)}`;
  if (!onSeek) return <span class={styles.span}>{span}</span>;
  return (
    <span class={styles.span}>
      <button
        type="button"
        onClick={() => onSeek(start)}
        aria-label={challengeText("challenge.jump", { span })}
      >
        {span}
      </button>
    </span>
  );
}
