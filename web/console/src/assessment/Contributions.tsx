import { useId, useState } from "preact/hooks";
import { decibans, logit, percent, signedDecibans } from "../format";
import type { Assessment, Contribution, Reading } from "../types";
import styles from "./Contributions.module.css";
import { CueList } from "./CueList";
import { cuesInWords, cuesOf } from "./cues";
import { shiftsOf } from "./shifts";
import { evidenceText, gradeName, signalName } from "./text";

export interface ContributionsProps {
  assessment: Assessment;
  /** The newest reading of a signal, by kind: the signal's name opens what it saw, and no longer leads to its evidence. */
  latest?: ReadonlyMap<string, Reading> | undefined;
  /** Where given, a signal leads to its evidence. */
  onJump?: ((contribution: Contribution) => void) | undefined;
}

/** What moves the probability, in decibans: base rate, every signal, and their exact sum. */
export function Contributions({ assessment, latest, onJump }: ContributionsProps) {
  const { contributions, prior, log_odds, probability } = assessment;
  const rows = [...contributions].sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const shown = shiftsOf(assessment);
  const reach = Math.max(2, ...rows.map((row) => Math.abs(row.contribution)));
  return (
    <table class={styles.table}>
      <caption class="hidden-visually">
        {evidenceText("assessment.contributions")} ({evidenceText("assessment.unit")})
      </caption>
      <thead>
        <tr>
          <th scope="col">{evidenceText("assessment.contributions")}</th>
          <th scope="col" class={styles.axis}>
            <span>← {evidenceText("assessment.against")}</span>
            <span>{evidenceText("assessment.towards")} →</span>
          </th>
          <th scope="col" class={styles.value} title={evidenceText("assessment.unit")}>
            dB
          </th>
        </tr>
      </thead>
      <tbody>
        <Sum label={evidenceText("assessment.priorRow")} nats={logit(prior)} note={percent(prior)} />
        {rows.map((row) => (
          <Row
            key={row.kind}
            row={row}
            shift={shown.get(row.kind) ?? ""}
            reach={reach}
            reading={latest?.get(row.kind)}
            onJump={onJump}
          />
        ))}
        {rows.length === 0 && (
          <tr>
            <td colSpan={3} class={styles.empty}>
              {evidenceText("assessment.noContribution")}
            </td>
          </tr>
        )}
      </tbody>
      <tfoot>
        <Sum label={evidenceText("assessment.posterior")} nats={log_odds} note={percent(probability)} />
      </tfoot>
    </table>
  );
}

function Sum({ label, nats, note }: { label: string; nats: number; note: string }) {
  return (
    <tr class={styles.sum}>
      <th scope="row">{label}</th>
      <td class={styles.note}>{note}</td>
      <td class={styles.value}>{signedDecibans(nats)}</td>
    </tr>
  );
}

interface RowProps {
  row: Contribution;
  /** What it adds, as it is written. */
  shift: string;
  reach: number;
  reading: Reading | undefined;
  onJump: ContributionsProps["onJump"];
}

/** How many of a reading's cues a row tells: the review has them all. */
const TOLD_CUES = 2;

function Row({ row, shift, reach, reading, onJump }: RowProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const [low, high] = row.bounds.map((bound) => decibans(bound).toFixed(0).replace("-", "\u2212"));
  const cues = reading ? cuesOf(reading).slice(0, TOLD_CUES) : [];
  const count = evidenceText("assessment.count", {
    n: row.observations,
    low: low ?? "",
    high: high ?? "",
    grade: gradeName(row.grade),
  });
  const about = [count, cuesInWords(cues)].filter(Boolean).join("\n");
  const name = signalName(row.kind);
  const toggle = { "aria-expanded": isOpen, "aria-controls": id, onClick: () => setOpen(!isOpen) };
  return (
    <>
      <tr>
        <th scope="row" title={about}>
          {reading ? (
            <button type="button" class={styles.opens} {...toggle}>
              {name}
            </button>
          ) : (
            <Name row={row} onJump={onJump} />
          )}
          {row.grade === "simulated" && <span class={styles.grade}>{gradeName(row.grade)}</span>}
        </th>
        <td title={about}>
          <Bar share={row.contribution / reach} />
          <span class="hidden-visually">{count}</span>
        </td>
        <td class={styles.value}>{shift}</td>
      </tr>
      {reading && (
        <tr id={id} hidden={!isOpen}>
          <td colSpan={3} class={styles.saw}>
            <CueList cues={cues} />
          </td>
        </tr>
      )}
    </>
  );
}

function Name({ row, onJump }: Pick<RowProps, "row" | "onJump">) {
  const name = signalName(row.kind);
  if (!onJump || row.evidence.length === 0) return <>{name}</>;
  return (
    <button
      type="button"
      class={styles.jump}
      onClick={() => onJump(row)}
      aria-label={evidenceText("assessment.jump", { signal: name })}
    >
      {name}
    </button>
  );
}

/** A bar from the middle; `share` in -1..1, right is towards fraud. */
function Bar({ share }: { share: number }) {
  const width = Math.abs(share) * 50;
  return (
    <div class={styles.bar} aria-hidden="true">
      <span
        class={share > 0 ? styles.towards : styles.against}
        style={{ width: `${width}%`, left: `${share > 0 ? 50 : 50 - width}%` }}
      />
    </div>
  );
}
