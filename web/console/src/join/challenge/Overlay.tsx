import { useEffect, useId, useRef } from "preact/hooks";
import { LiveVideo } from "../../media/LiveVideo";
import { joinText } from "../text";
import type { Challenge, ChallengeView } from "./challenge";
import { ColourField, DigitField, PoseField } from "./fields";
import styles from "./Overlay.module.css";
import { Question } from "./Question";

export interface OverlayProps {
  challenge: Challenge;
  /** The applicant's own picture, to keep the face in it. */
  stream: MediaStream;
}

/** Whatever a challenge shows, over everything else. */
export function Overlay({ challenge, stream }: OverlayProps) {
  const view = challenge.view.value;
  return view && <Dialog challenge={challenge} stream={stream} view={view} />;
}

function Dialog({ challenge, stream, view }: OverlayProps & { view: ChallengeView }) {
  const frame = useRef<HTMLDivElement>(null);
  const id = useId();
  const isAsked = view.at === "asked";
  useFocus(frame, isAsked);
  useWayOut(challenge, isAsked);

  function ready() {
    // More screen is more light; a browser without it shows the page as large as it is.
    if (view.kind === "flash") void frame.current?.requestFullscreen?.().catch(() => undefined);
    void challenge.answer("ready");
  }

  function press(event: KeyboardEvent) {
    if (event.key === "Escape") challenge.stop();
  }

  return (
    <div
      ref={frame}
      class={isAsked ? styles.asked : styles.running}
      role="dialog"
      aria-modal="true"
      aria-labelledby={id}
      tabIndex={-1}
      onKeyDown={press}
    >
      {view.at === "asked" ? (
        <Question
          titleId={id}
          kind={view.kind}
          microphone={stream.getAudioTracks()[0]}
          onReady={ready}
          onAnswer={(one) => void challenge.answer(one)}
        />
      ) : (
        <>
          <Field challenge={challenge} view={view} />
          <Band titleId={id} view={view} stream={stream} onStop={() => challenge.stop()} />
        </>
      )}
    </div>
  );
}

/** The focus goes into the challenge, also once the button that was pressed is gone, and in the end back to where it was. */
function useFocus(frame: { current: HTMLElement | null }, isAsked: boolean) {
  useEffect(() => {
    const before = document.activeElement;
    return () => before instanceof HTMLElement && before.focus();
  }, []);
  useEffect(() => frame.current?.focus(), [isAsked]);
}

/** The first Escape only leaves the full screen: whoever presses it while colours change wants them to stop. */
function useWayOut(challenge: Challenge, isAsked: boolean) {
  useEffect(() => {
    if (isAsked) return;
    const leave = () => {
      if (!document.fullscreenElement) challenge.stop();
    };
    document.addEventListener("fullscreenchange", leave);
    return () => document.removeEventListener("fullscreenchange", leave);
  }, [challenge, isAsked]);
}

function Field({ challenge, view }: { challenge: Challenge; view: ChallengeView }) {
  const step = view.at === "showing" ? view.step : null;
  if (view.kind === "flash") return <ColourField colour={step?.colour ?? null} screen={challenge.screen} />;
  if (view.kind === "pose") return <PoseField direction={step?.direction ?? null} />;
  return <DigitField digit={step?.digit ?? null} />;
}

interface BandProps {
  titleId: string;
  view: ChallengeView;
  stream: MediaStream;
  onStop: () => void;
}

/** What stays the same while the rest changes: what to do, how far it is, and the way out. */
function Band({ titleId, view, stream, onStop }: BandProps) {
  const done = view.at === "showing" ? Math.min(view.steps, Math.max(0, view.step.k + 1)) : 0;
  return (
    <div class={styles.band}>
      <div class={styles.self}>
        <LiveVideo stream={stream} label={joinText("call.self")} self fit="cover" />
      </div>
      <div class={styles.words}>
        <h2 id={titleId} class="hidden-visually">
          {joinText(`challenge.${view.kind}Title`)}
        </h2>
        <p aria-live="assertive">{instruction(view)}</p>
        <progress max={view.steps} value={done} aria-label={joinText("challenge.progress")} />
      </div>
      <button type="button" class={styles.stop} onClick={onStop}>
        {joinText("challenge.stop")}
      </button>
    </div>
  );
}

function instruction(view: ChallengeView): string {
  if (view.at !== "showing") return joinText("challenge.starting");
  if (view.kind === "flash") return joinText("challenge.flashDo");
  if (view.kind === "digits") return joinText("challenge.digitsDo", { digit: view.step.digit ?? "" });
  const { direction } = view.step;
  return joinText(direction ? `challenge.${direction}` : "challenge.straight");
}
