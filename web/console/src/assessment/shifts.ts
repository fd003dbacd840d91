import { logit, shifts } from "../format";
import type { Assessment } from "../types";

/** What every signal adds, in decibans as it is written wherever the assessment is shown, by kind. */
export function shiftsOf({ contributions, prior, log_odds }: Assessment): ReadonlyMap<string, string> {
  const parts = contributions.map((one) => one.contribution);
  const shown = shifts(logit(prior), parts, log_odds);
  return new Map(contributions.map((one, at) => [one.kind, shown[at] ?? ""]));
}
