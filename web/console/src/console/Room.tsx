import { useState } from "preact/hooks";
import { AssessmentPanel } from "../assessment/AssessmentPanel";
import { ChallengePanel } from "../challenges/ChallengePanel";
import { useAskChallenge } from "../challenges/useAskChallenge";
import { failureText } from "../i18n";
import { LiveMovements } from "../movements/LiveMovements";
import { QuestionPanel } from "../questions/QuestionPanel";
import type { Failure } from "../result";
import { commonText } from "../text";
import type { SessionDetail } from "../types";
import { Banner } from "../ui/Banner";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { useConsole } from "./context";
import type { Followed } from "./followSession";
import { Links } from "./Links";
import { Lobby } from "./Lobby";
import styles from "./Room.module.css";
import { SpeechMeter } from "./SpeechMeter";
import { Stage } from "./Stage";
import { text } from "./text";
import { useOfficerCall } from "./useOfficerCall";

export interface RoomProps {
  session: Followed;
  detail: SessionDetail;
}

/** An open interview: the invitation or the call on one side, the assessment on the other. */
export function Room({ session, detail }: RoomProps) {
  const officer = useOfficerCall(detail.id);
  const [ending, setEnding] = useState(false);
  const isMine = detail.allowed.includes("offer");
  const { call, challenges, replaceChallenge } = session;
  const challenge = useAskChallenge({ detail, call, challenges, onChange: replaceChallenge });
  return (
    <div class={styles.room}>
      <section class={styles.left}>
        {officer.call ? (
          <Stage officer={officer} call={session.call} detail={detail} />
        ) : (
          <Lobby detail={detail} call={session.call} officer={officer} onChange={session.replace} />
        )}
        {session.speech && <SpeechMeter heard={session.speech} />}
        {session.missed && (
          <Banner
            tone="danger"
            action={<Button onClick={session.catchUp}>{commonText("common.retry")}</Button>}
          >
            {failureText(session.missed)}
          </Banner>
        )}
        <LiveMovements movements={session.movements} questions={session.questions} />
        {session.questions && (
          <QuestionPanel
            detail={detail}
            isMine={isMine}
            call={session.call}
            questions={session.questions}
            onChange={session.replaceQuestions}
          />
        )}
        <div class={styles.bar}>
          <Links call={session.call} />
          {detail.allowed.includes("end") && (
            <Button kind="danger" onClick={() => setEnding(true)}>
              {text("room.end")}
            </Button>
          )}
        </div>
        {!isMine && <Banner tone="info">{text("room.watching")}</Banner>}
      </section>
      <div class={styles.right}>
        <aside class={styles.assessment} aria-label={text("room.assessment")}>
          <AssessmentPanel
            assessment={session.assessments.at(-1) ?? null}
            history={session.assessments}
            latest={session.latest}
            challenge={isMine ? challenge : undefined}
            thinned={(call?.analysis.level ?? 0) > 0}
            live
          />
        </aside>
        <ChallengePanel
          detail={detail}
          isMine={isMine}
          call={session.call}
          challenges={session.challenges}
          onChange={session.replaceChallenge}
        />
      </div>
      {ending && <EndDialog id={detail.id} onClose={() => setEnding(false)} onEnded={session.replace} />}
    </div>
  );
}

interface EndDialogProps {
  id: string;
  onClose: () => void;
  onEnded: (detail: SessionDetail) => void;
}

function EndDialog({ id, onClose, onEnded }: EndDialogProps) {
  const { api } = useConsole();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);

  async function end() {
    setBusy(true);
    const result = await api.end(id);
    setBusy(false);
    if (result.ok) onEnded(result.value);
    else setFailure(result.failure);
  }

  return (
    <Dialog
      title={text("room.endTitle")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{commonText("common.cancel")}</Button>
          <Button kind="danger" busy={busy} onClick={end}>
            {text("room.endConfirm")}
          </Button>
        </>
      }
    >
      <p>{text("room.endText")}</p>
      {failure && <Banner tone="danger">{failureText(failure)}</Banner>}
    </Dialog>
  );
}
