import { clock, percent, signedDecibans } from "../format";
import type { Sequential } from "../types";
import { evidenceText } from "./text";

/** Where the sequential test stands. It proposes a check at most; to have crossed down proposes nothing. */
export function SequentialLine({ sequential }: { sequential: Sequential | null }) {
  if (!sequential) return null;
  const { upper, lower, alpha, beta } = sequential;
  const hint = evidenceText("sequential.hint", {
    upper: signedDecibans(upper),
    lower: signedDecibans(lower),
    alpha: percent(alpha),
    beta: percent(beta),
  });
  return (
    <p title={hint}>
      {sentenceOf(sequential)}
      <span class="hidden-visually"> {hint}</span>
    </p>
  );
}

function sentenceOf({ crossed, at, checked_at }: Sequential): string {
  if (crossed === "undecided" || at === null) return evidenceText("sequential.undecided");
  if (crossed === "down") return evidenceText("sequential.down", { t: clock(at) });
  if (checked_at === null) return evidenceText("sequential.up", { t: clock(at) });
  return evidenceText("sequential.checked", { t: clock(at), checked: clock(checked_at) });
}
