import { clock, comparedDecibans, percent, signedDecibans } from "../format";
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

function sentenceOf({ crossed, at, checked_at, upper, highest }: Sequential): string {
  if (crossed === "undecided" || at === null) return undecided(upper, highest ?? null);
  if (crossed === "down") return evidenceText("sequential.down", { t: clock(at) });
  if (checked_at === null) return evidenceText("sequential.up", { t: clock(at) });
  return evidenceText("sequential.checked", { t: clock(at), checked: clock(checked_at) });
}

/** A test that cannot cross its bound with what the calibrations support says so: it will stay undecided whatever comes. */
function undecided(upper: number, highest: number | null): string {
  if (highest === null || highest >= upper) return evidenceText("sequential.undecided");
  const [most, bound] = comparedDecibans(highest, upper);
  return evidenceText("sequential.short", { most, upper: bound });
}
