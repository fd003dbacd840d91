import type { CueBegin, CueShow } from "../types";

/** The beginning of a challenge, as the service sends it to the applicant's page. */
export function begin(part: Partial<CueBegin> = {}): CueBegin {
  return { event: "begin", id: "c1", kind: "flash", nonce: "n0nce", steps: 32, ...part };
}

/** One step of it. */
export function show(part: Partial<CueShow> = {}): CueShow {
  return {
    event: "show",
    id: "c1",
    k: 0,
    after_ms: 500,
    colour: "#a0a0a0",
    direction: null,
    digit: null,
    ...part,
  };
}
