import { useState } from "preact/hooks";
import { sessionUrl } from "../api";
import { AssessmentPanel } from "../assessment/AssessmentPanel";
import { ChallengeList } from "../challenges/ChallengeList";
import { useConsole } from "../console/context";
import { known, type Loaded, useLoad } from "../console/useLoad";
import { clock } from "../format";
import { failureText, language } from "../i18n";
import { QuestionList } from "../questions/QuestionList";
import { commonText } from "../text";
import type { Assessment, Contribution, Questions, SessionDetail } from "../types";
import { Banner } from "../ui/Banner";
import { Button, LinkButton } from "../ui/Button";
import { Tabs } from "../ui/Tabs";
import { Audit } from "./Audit";
import { Facts } from "./Facts";
import { RerunCard } from "./RerunCard";
import styles from "./SidePanel.module.css";
import { reviewText } from "./text";

export interface SidePanelProps {
  detail: SessionDetail;
  assessment: Assessment | null;
  /** Its value is null for an interview without questions. */
  questions: Loaded<Questions | null>;
  /** The playhead was not moved yet, so the last assessment is shown. */
  isLast: boolean;
  onJump: (contribution: Contribution) => void;
  /** Go to a moment of the recording. */
  onSeek: (t: number) => void;
}

/** Beside the playback: the assessment at the playhead, the record, the audit log. */
export function SidePanel({ detail, assessment, questions, isLast, onJump, onSeek }: SidePanelProps) {
  const [tab, setTab] = useState("assessment");
  const tabs = [
    { id: "assessment", label: reviewText("review.tabAssessment") },
    { id: "challenges", label: reviewText("review.tabChallenges") },
    { id: "questions", label: reviewText("review.tabQuestions") },
    { id: "record", label: reviewText("review.tabRecord") },
    { id: "audit", label: reviewText("review.tabAudit") },
  ];
  return (
    <Tabs selected={tab} onSelect={setTab} tabs={tabs}>
      {tab === "assessment" && (
        <>
          {assessment && (
            <p class={styles.at}>
              {reviewText("review.atTime", { t: clock(assessment.t, true) })}
              {isLast && ` · ${reviewText("review.final")}`}
            </p>
          )}
          <AssessmentPanel assessment={assessment} onJump={onJump} />
        </>
      )}
      {tab === "challenges" && <StoredChallenges id={detail.id} onSeek={onSeek} />}
      {tab === "questions" && (
        <>
          <LoadFailure of={questions} />
          <QuestionList questions={known(questions)} detail={detail} onSeek={onSeek} />
        </>
      )}
      {tab === "record" && <RecordTab detail={detail} />}
      {tab === "audit" && <Audit id={detail.id} version={detail.state} />}
    </Tabs>
  );
}

function StoredChallenges({ id, onSeek }: { id: string; onSeek: (t: number) => void }) {
  const { api } = useConsole();
  const loaded = useLoad(() => api.challenges(id), id);
  if (loaded.failure) return <LoadFailure of={loaded} />;
  return loaded.value && <ChallengeList session={id} challenges={loaded.value} onSeek={onSeek} />;
}

/** Why something could not be loaded, and the way to try again. */
function LoadFailure({ of: { failure, reload } }: { of: Pick<Loaded<unknown>, "failure" | "reload"> }) {
  return (
    failure && (
      <Banner tone="danger" action={<Button onClick={reload}>{commonText("common.retry")}</Button>}>
        {failureText(failure)}
      </Banner>
    )
  );
}

function RecordTab(props: { detail: SessionDetail }) {
  const [changed, setChanged] = useState<SessionDetail | null>(null);
  const detail = changed ?? props.detail;
  return (
    <div class={styles.record}>
      <Facts detail={detail} onChange={setChanged} />
      {detail.allowed.includes("rerun") && <RerunCard id={detail.id} />}
      <LinkButton
        href={`${sessionUrl(detail.id, "report.html")}?language=${language.value}`}
        newTab
        title={reviewText("review.reportHint")}
      >
        {reviewText("review.report")}
      </LinkButton>
    </div>
  );
}
