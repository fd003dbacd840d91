import type { AskChallenge } from "../challenges/useAskChallenge";
import { interval, percent, signedDecibans } from "../format";
import type { Assessment, Contribution, Reading } from "../types";
import { Tag } from "../ui/Tag";
import { Abstentions } from "./Abstentions";
import styles from "./AssessmentPanel.module.css";
import { Contributions } from "./Contributions";
import { Coverage } from "./Coverage";
import { Families } from "./Families";
import { Gauge } from "./Gauge";
import { Grounds, policyName } from "./Grounds";
import { NextCheck } from "./NextCheck";
import { Reasons } from "./Reasons";
import { SequentialLine } from "./SequentialLine";
import { Trend } from "./Trend";
import { BAND_TONES, evidenceText } from "./text";
import { VoiceDecision } from "./VoiceDecision";

export interface AssessmentPanelProps {
  assessment: Assessment | null;
  /** During the call: say what can be asked for, and speak when the proposal changes. */
  live?: boolean;
  /** Earlier assessments, oldest first, to show the way it came. */
  history?: readonly Assessment[];
  /** During the call: the newest reading of the signals that name what they saw, by kind. */
  latest?: ReadonlyMap<string, Reading>;
  onJump?: (contribution: Contribution) => void;
  /** During the officer's own call: challenges can be started. */
  challenge?: AskChallenge | undefined;
  /** During the call: the analysis leaves out frames because the machine is busy. */
  thinned?: boolean;
}

export function AssessmentPanel(props: AssessmentPanelProps) {
  const { assessment, live = false, history = [], latest, onJump, challenge, thinned } = props;
  if (!assessment) return <Nothing />;
  return (
    <div class={styles.panel}>
      <Headline assessment={assessment} history={history} />
      <Proposal assessment={assessment} live={live} />
      <NextCheck assessment={assessment} live={live} challenge={challenge} />
      <Contributions assessment={assessment} latest={latest} onJump={onJump} />
      <Reasons assessment={assessment} open={!live} />
      <VoiceDecision voice={assessment.voice} />
      <Abstentions absent={assessment.absent} codes={assessment.codes} advise={live} thinned={thinned} />
      <p class={styles.versions}>{versionsOf(assessment)}</p>
    </div>
  );
}

function Headline({ assessment, history }: { assessment: Assessment; history: readonly Assessment[] }) {
  const range = interval(...assessment.interval);
  return (
    <div class={styles.headline}>
      <h2>{evidenceText("assessment.title")}</h2>
      <p class={styles.number}>
        <strong>{percent(assessment.probability)}</strong>
        <span>
          {assessment.contributions.length > 0
            ? evidenceText("assessment.interval", { range })
            : evidenceText("assessment.onlyBase")}
        </span>
      </p>
      <Gauge {...assessment} />
      <Trend assessments={history} />
    </div>
  );
}

function Proposal({ assessment, live }: { assessment: Assessment; live: boolean }) {
  const { band, family, families, contributions, sequential } = assessment;
  const isSuspicious = contributions.some((one) => signedDecibans(one.contribution).startsWith("+"));
  return (
    <div class={styles.proposal}>
      <div class={styles.band}>
        <span>{evidenceText("assessment.proposal")}</span>
        <span aria-live={live ? "polite" : "off"}>
          <Tag tone={BAND_TONES[band]}>{evidenceText(`band.${band}`)}</Tag>
        </span>
      </div>
      <p>{evidenceText(`bandHint.${band}`)}</p>
      <Grounds proposal={assessment.proposal} asks={live} />
      <Behaviour {...assessment} />
      {isSuspicious && <Families family={family} families={families} />}
      <SequentialLine sequential={sequential} />
      <Coverage value={assessment.coverage} />
    </div>
  );
}

/** Where behaviour counts: what stands with it and without it, and that it has no say in the proposal. */
function Behaviour({ probability, without_behaviour }: Assessment) {
  if (!without_behaviour) return null;
  const figures = { with: percent(probability), without: percent(without_behaviour.probability) };
  return <p>{evidenceText("assessment.behaviour", figures)}</p>;
}

/** Everything that the numbers and the words come from, by version. */
function versionsOf({ calibration, policy, proposal, taxonomy, checks }: Assessment): string {
  const numbers = evidenceText("assessment.versions", { calibration, policy: policyName(policy, proposal) });
  return taxonomy ? `${numbers}${evidenceText("assessment.wordVersions", { taxonomy, checks })}` : numbers;
}

function Nothing() {
  return (
    <div class={styles.nothing}>
      <h2>{evidenceText("assessment.none")}</h2>
      <p>{evidenceText("assessment.noneWhy")}</p>
    </div>
  );
}
