import { useMemo, useRef, useState } from "preact/hooks";
import { useConsole } from "../console/context";
import { known, useLoad } from "../console/useLoad";
import { failureText, language } from "../i18n";
import { MovementList } from "../movements/MovementList";
import { answerAt, answersOf, MOVEMENT_KIND, type Movement, movementsOf } from "../movements/movements";
import { ReplayDialog } from "../movements/ReplayDialog";
import { commonText } from "../text";
import type { Assessment, Contribution, Evidence, SessionDetail } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { DecisionCard } from "./DecisionCard";
import { assessmentAt, type Lane, lanesOf, readingAt } from "./lanes";
import { Player } from "./Player";
import { CHART_END_PX, ProbabilityChart } from "./ProbabilityChart";
import styles from "./Review.module.css";
import { SidePanel } from "./SidePanel";
import { Timeline } from "./Timeline";
import { reviewText } from "./text";
import { usePlayback } from "./usePlayback";
import { useWidth } from "./useWidth";

const WIDE_PX = 620;
/** Room for the names of the signals, in two lines each, in every language. */
const GUTTER_PX = { narrow: 140, wide: 168 };
const NOTHING: Assessment[] = [];

export interface ReviewProps {
  detail: SessionDetail;
  onChange: (detail: SessionDetail) => void;
}

/** A sealed interview: play it, see every number at its moment, prove it, decide. */
export function Review({ detail, onChange }: ReviewProps) {
  const record = useRecord(detail.id);
  const [kind, setKind] = useState<string | null>(null);
  const main = useRef<HTMLDivElement>(null);
  const gutter = GUTTER_PX[useWidth(main) < WIDE_PX ? "narrow" : "wide"];
  const { assessments, lanes } = record;
  const lane = lanes.find((one) => one.kind === kind) ?? lanes[0];
  const duration = Math.max(detail.duration_s ?? 0, assessments.at(-1)?.t ?? 0, 1);
  const { video, t, setT, seek, toggle } = usePlayback(duration, lane);
  const at = assessmentAt(assessments, t ?? duration);
  const { movements, questions } = record;
  const answers = useMemo(
    () => answersOf(known(questions), duration),
    [known(questions), duration, language.value],
  );
  const [shown, setShown] = useState<Movement | null>(null);
  const scale = { duration, t: t ?? 0, onSeek: seek };

  /** Go to a movement's moment and show it again. */
  function show(movement: Movement) {
    setKind(MOVEMENT_KIND);
    seek(movement.onset);
    setShown(movement);
  }

  function jump(contribution: Contribution) {
    setKind(contribution.kind);
    const [evidence] = contribution.evidence;
    if (evidence) seek(evidence.start);
  }

  return (
    <div class={styles.review}>
      <div
        ref={main}
        class={styles.main}
        style={{ "--gutter": `${gutter}px`, "--chart-end": `${CHART_END_PX}px` }}
      >
        {record.failure && (
          <Banner
            tone="danger"
            action={<Button onClick={record.reload}>{commonText("common.retry")}</Button>}
          >
            {failureText(record.failure)}
          </Banner>
        )}
        <Player detail={detail} video={video} evidence={evidenceAt(lane, t)} onTime={setT} />
        <section class={styles.time} aria-label={reviewText("review.signals")}>
          <ProbabilityChart assessments={assessments} gutter={gutter} {...scale} />
          <Timeline
            lanes={lanes}
            selected={kind}
            onSelect={setKind}
            onToggle={toggle}
            movements={movements}
            answers={answers}
            onMovement={show}
            {...scale}
          />
          <MovementList movements={movements} answers={answers} onShow={show} />
        </section>
      </div>
      <aside class={styles.side}>
        <DecisionCard detail={detail} onChange={onChange} />
        <SidePanel
          detail={detail}
          assessment={at}
          questions={questions}
          isLast={t === null}
          onJump={jump}
          onSeek={seek}
        />
      </aside>
      {shown && (
        <ReplayDialog
          session={detail.id}
          movement={shown}
          answer={answerAt(answers, shown.onset)}
          onClose={() => setShown(null)}
        />
      )}
    </div>
  );
}

/** Everything stored about the interview that is drawn over time. */
function useRecord(id: string) {
  const { api } = useConsole();
  const assessments = useLoad(() => api.assessments(id), id);
  const readings = useLoad(() => api.readings(id), id);
  const questions = useLoad(() => api.questions(id), id);
  const lanes = useMemo(() => lanesOf(readings.value ?? []), [readings.value]);
  const movements = useMemo(() => movementsOf(readings.value ?? []), [readings.value]);
  return {
    assessments: assessments.value ?? NOTHING,
    lanes,
    movements,
    /** When each was asked and answered; null for an interview without questions. */
    questions,
    failure: assessments.failure ?? readings.failure ?? questions.failure,
    reload: () => {
      assessments.reload();
      readings.reload();
      questions.reload();
    },
  };
}

/** Where the chosen signal's detector looked at this moment, if it looked at a part of the picture. */
function evidenceAt(lane: Lane | undefined, t: number | null): Evidence | null {
  if (!lane || t === null) return null;
  return readingAt(lane, t)?.evidence.find((one) => one.box !== null) ?? null;
}
