import { compared } from "../format";
import { commonText } from "../text";
import type { Ground, GroundSignal, Proposal } from "../types";
import styles from "./Grounds.module.css";
import { evidenceText, reasonText, signalName } from "./text";

/** Why policy proposes its band, and what it asks for; nothing for an assessment from before proposals said why. */
export function Grounds({ proposal, asks }: { proposal: Proposal | null; asks: boolean }) {
  if (!proposal) return null;
  const names = proposal.asks.map(signalName).join(commonText("common.comma"));
  return (
    <div class={styles.grounds}>
      <ul aria-label={evidenceText("ground.title")}>
        {proposal.grounds.map((ground) => (
          <li key={groundSentence(ground)}>
            {ground.band !== proposal.band && <span>{evidenceText(`band.${ground.band}`)}</span>}
            {groundSentence(ground)}
          </li>
        ))}
      </ul>
      {asks && names && <p>{evidenceText("ground.asks", { names })}</p>}
    </div>
  );
}

/** Who the policy is for and who answers for it; the version alone where that is all there is. */
export function policyName(version: string, proposal: Proposal | null): string {
  if (!proposal) return version;
  const { products, approved_by, approved_on } = proposal;
  const named = {
    version,
    products: products.join(commonText("common.comma")),
    by: approved_by,
    on: approved_on,
  };
  return evidenceText(approved_by ? "policy.signed" : "policy.named", named);
}

function groundSentence(ground: Ground): string {
  const { kind, band, value, threshold, signals } = ground;
  const missing = { signals: signals.map(missingText).join(evidenceText("ground.or")) };
  if (kind === "check" || kind === "passing" || kind === "absence")
    return evidenceText(`ground.${kind}`, missing);
  if (kind === "sequential") return evidenceText("ground.sequential");
  const [told, limit] = compared(value ?? 0, threshold ?? 0);
  const figures = { value: told, threshold: limit };
  if (kind === "coverage") return evidenceText("ground.coverage", figures);
  return evidenceText(band === "proceed" ? "ground.below" : "ground.probability", figures);
}

function missingText({ kind, reason }: GroundSignal): string {
  const why = reason === null ? evidenceText("ground.notPassed") : reasonText(reason);
  return evidenceText("ground.missing", { signal: signalName(kind), why });
}
