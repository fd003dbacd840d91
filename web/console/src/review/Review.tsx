import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { sessionUrl } from "../api";
import { AssessmentPanel } from "../assessment/AssessmentPanel";
import { useConsole } from "../console/context";
import { useLoad } from "../console/useLoad";
import { clock } from "../format";
import { failureText } from "../i18n";
import { commonText } from "../text";
import type { Contribution, SessionDetail } from "../types";
import { Banner } from "../ui/Banner";
import { Button, LinkButton } from "../ui/Button";
import { Tabs } from "../ui/Tabs";
import { Audit } from "./Audit";
import { DecisionCard } from "./DecisionCard";
import { Facts } from "./Facts";
import { isTyping, keyAction } from "./keys";
import { assessmentAt, lanesOf, neighbour, readingAt } from "./lanes";
import { Player } from "./Player";
import { CHART_END_PX, ProbabilityChart } from "./ProbabilityChart";
import { RerunCard } from "./RerunCard";
import styles from "./Review.module.css";
import { Timeline } from "./Timeline";
import { reviewText } from "./text";
import { useWidth } from "./useWidth";

const WIDE_PX = 620;

/** A sealed interview: play it, see every number at its moment, prove it, decide. */
export function Review({
  detail,
  onChange,
}: {
  detail: SessionDetail;
  onChange: (detail: SessionDetail) => void;
}) {
  const { api } = useConsole();
  const assessments = useLoad(() => api.assessments(detail.id), detail.id);
  const readings = useLoad(() => api.readings(detail.id), detail.id);
  const video = useRef<HTMLVideoElement>(null);
  const main = useRef<HTMLDivElement>(null);
  const [t, setT] = useState<number | null>(null);
  const [kind, setKind] = useState<string | null>(null);
  const [tab, setTab] = useState("assessment");
  const gutter = useWidth(main) < WIDE_PX ? 92 : 168;

  const all = assessments.value ?? [];
  const lanes = useMemo(() => lanesOf(readings.value ?? []), [readings.value]);
  const duration = Math.max(detail.duration_s ?? 0, all.at(-1)?.t ?? 0, 1);
  const at = t === null ? (all.at(-1) ?? null) : assessmentAt(all, t);
  const head = t ?? 0;
  const lane = lanes.find((one) => one.kind === kind) ?? lanes[0];
  const evidence = (t !== null && lane && readingAt(lane, head)?.evidence.find((one) => one.box)) || null;

  function seek(to: number) {
    setT(to);
    if (video.current) video.current.currentTime = to;
  }

  function toggle() {
    const element = video.current;
    if (element?.paused) void element.play();
    else element?.pause();
  }

  function jump(contribution: Contribution) {
    setKind(contribution.kind);
    seek(contribution.evidence[0]?.start ?? head);
  }

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const action = isTyping(event.target) ? null : keyAction(event, false);
      if (action?.do === "toggle") toggle();
      if (action?.do === "skip") seek(Math.min(duration, Math.max(0, head + action.seconds)));
      if (action?.do === "reading" && lane) seek(neighbour(lane, head, action.direction) ?? head);
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [head, duration, lane]);

  const failure = assessments.failure ?? readings.failure;
  return (
    <div class={styles.review}>
      <div
        ref={main}
        class={styles.main}
        style={{ "--gutter": `${gutter}px`, "--chart-end": `${CHART_END_PX}px` }}
      >
        {failure && (
          <Banner
            tone="danger"
            action={
              <Button
                onClick={() => {
                  assessments.reload();
                  readings.reload();
                }}
              >
                {commonText("common.retry")}
              </Button>
            }
          >
            {failureText(failure)}
          </Banner>
        )}
        <Player detail={detail} video={video} evidence={evidence} onTime={setT} />
        <section class={styles.time} aria-label={reviewText("review.signals")}>
          <ProbabilityChart assessments={all} duration={duration} t={head} gutter={gutter} onSeek={seek} />
          <Timeline
            lanes={lanes}
            duration={duration}
            t={head}
            selected={kind}
            onSelect={setKind}
            onSeek={seek}
            onToggle={toggle}
          />
        </section>
      </div>
      <aside class={styles.side}>
        <DecisionCard detail={detail} onChange={onChange} />
        <Tabs
          selected={tab}
          onSelect={setTab}
          tabs={[
            { id: "assessment", label: reviewText("review.tabAssessment") },
            { id: "record", label: reviewText("review.tabRecord") },
            { id: "audit", label: reviewText("review.tabAudit") },
          ]}
        >
          {tab === "assessment" && (
            <>
              <p class={styles.at}>
                {reviewText("review.atTime", { t: at ? clock(at.t, true) : "–" })}
                {t === null && ` · ${reviewText("review.final")}`}
              </p>
              <AssessmentPanel assessment={at} onJump={jump} />
            </>
          )}
          {tab === "record" && (
            <div class={styles.record}>
              <Facts detail={detail} />
              {detail.allowed.includes("rerun") && <RerunCard id={detail.id} />}
              <LinkButton
                href={sessionUrl(detail.id, "report.html")}
                newTab
                title={reviewText("review.reportHint")}
              >
                {reviewText("review.report")}
              </LinkButton>
            </div>
          )}
          {tab === "audit" && <Audit id={detail.id} version={detail.state} />}
        </Tabs>
      </aside>
    </div>
  );
}
