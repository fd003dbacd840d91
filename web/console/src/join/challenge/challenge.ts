import { type Signal, signal } from "@preact/signals";
import type { JoinApi } from "../../api";
import type { ChallengeAnswer, ChallengeCue, ChallengeKind, CueBegin, CueEnd, CueShow } from "../../types";
import type { PageKey } from "./key";
import { browserScreen, type Screen } from "./screen";

/** What the applicant sees of a challenge. */
export type ChallengeView =
  | { at: "asked"; kind: ChallengeKind; steps: number }
  | { at: "starting"; kind: ChallengeKind; steps: number }
  | { at: "showing"; kind: ChallengeKind; steps: number; step: CueShow };

/** How it ended, in a word that stays for a moment. */
export type ChallengeNotice = CueEnd["how"] | "reduced_motion" | "interrupted";

export interface ChallengeOptions {
  api: Pick<JoinApi, "answerChallenge" | "challengeShown">;
  key: Promise<PageKey | null>;
  screen?: Screen;
}

/** An unanswered question goes away by itself, should the service not take it back. */
const ANSWER_MS = 45_000;
/** A challenge of which nothing comes for so long has lost its service. */
const SILENCE_MS = 8_000;
const NOTICE_MS = 8_000;
/** A display report that the network or a busy service lost is sent again so often, so long after. */
const RETRIES = 3;
const RETRY_MS = 500;

/** One challenge as it runs on this page. */
interface Run {
  begin: CueBegin;
  isAnswered: boolean;
  lastK: number;
  /** When the step before was displayed, ms on the screen's clock. */
  shownAt: number;
  /** Displays one after another. */
  turn: Promise<void>;
}

/** Challenges on the applicant's page: asks, displays each step when it is due, and signs what was displayed when. */
export class Challenge {
  readonly view: Signal<ChallengeView | null> = signal<ChallengeView | null>(null);
  readonly notice: Signal<ChallengeNotice | null> = signal<ChallengeNotice | null>(null);
  readonly screen: Screen;
  readonly #options: ChallengeOptions;
  #run: Run | null = null;
  /** The challenge that this page has done with: its cues may come again after a reconnect. */
  #past = "";
  #cancelWatch = () => {};
  #cancelNotice = () => {};

  constructor(options: ChallengeOptions) {
    this.#options = options;
    this.screen = options.screen ?? browserScreen();
  }

  /** What the service tells this page. */
  receive(cue: ChallengeCue): void {
    if (cue.event === "begin") this.#begin(cue);
    else if (this.#run?.begin.id !== cue.id) return;
    else if (cue.event === "end") this.#close(cue.how);
    else this.#show(this.#run, cue);
  }

  /** The applicant's answer to the question. */
  async answer(answer: ChallengeAnswer): Promise<void> {
    const run = this.#run;
    if (!run || run.isAnswered) return;
    run.isAnswered = true;
    const { id, kind, steps } = run.begin;
    if (answer === "ready") {
      this.view.value = { at: "starting", kind, steps };
      this.#watch(SILENCE_MS);
    } else this.#close(NOTICES[answer]);
    const sent = await this.#options.api.answerChallenge(id, answer);
    if (!sent.ok && this.#run === run) this.interrupt();
  }

  /** The applicant has had enough of a challenge that is being displayed. */
  stop(): void {
    if (!this.#run?.isAnswered) return;
    const { id } = this.#run.begin;
    this.#close("refused");
    void this.#options.api.answerChallenge(id, "refused");
  }

  /** The connection is gone: a challenge that was going on is over. A question stays, for an answer may still get through. */
  interrupt(): void {
    if (this.#run?.isAnswered) this.#close("interrupted");
  }

  #begin(begin: CueBegin): void {
    if (begin.id === this.#run?.begin.id || begin.id === this.#past) return;
    const { kind, steps } = begin;
    this.#run = { begin, isAnswered: false, lastK: -2, shownAt: 0, turn: Promise.resolve() };
    this.notice.value = null;
    if (kind === "flash" && this.screen.prefersReducedMotion()) {
      void this.answer("reduced_motion");
      return;
    }
    this.view.value = { at: "asked", kind, steps };
    this.#watch(ANSWER_MS);
  }

  #show(run: Run, cue: CueShow): void {
    if (!run.isAnswered || cue.k <= run.lastK) return;
    run.lastK = cue.k;
    this.#watch(SILENCE_MS);
    run.turn = run.turn.then(() => this.#display(run, cue));
  }

  async #display(run: Run, cue: CueShow): Promise<void> {
    const { screen } = this;
    const early = run.shownAt + cue.after_ms - screen.now();
    if (early > 0) await new Promise<void>((resolve) => void screen.wait(early, resolve));
    if (this.#run !== run) return;
    const visible = screen.isVisible();
    // A hidden page paints no frames; it says so at once.
    if (visible) await nextFrame(screen);
    if (this.#run !== run) return;
    const { kind, steps } = run.begin;
    this.view.value = { at: "showing", kind, steps, step: cue };
    run.shownAt = visible ? await nextFrame(screen) : screen.now();
    if (this.#run === run) void this.#acknowledge(run, cue.k, visible);
  }

  async #acknowledge({ begin, shownAt }: Run, k: number, visible: boolean): Promise<void> {
    const key = await this.#options.key;
    if (!key) return;
    const { width, height } = this.screen.size();
    const shown_at_ms = Math.round((this.screen.timeOrigin + shownAt) * 10) / 10;
    const text = `candor-challenge-1|${begin.id}|${begin.nonce}|${k}|${shown_at_ms}|${visible}|${width}x${height}`;
    const signature = await key.sign(text);
    const shown = { k, shown_at_ms, visible, width, height, signature };
    for (let tries = 0; tries <= RETRIES && this.#run?.begin.id === begin.id; tries++) {
      const told = await this.#options.api.challengeShown(begin.id, shown);
      if (told.ok || !isPassing(told.failure.status)) return;
      await new Promise<void>((resolve) => void this.screen.wait(RETRY_MS, resolve));
    }
  }

  #close(notice: ChallengeNotice): void {
    const { begin } = this.#run ?? {};
    if (begin) this.#past = begin.id;
    this.#run = null;
    this.view.value = null;
    this.notice.value = notice;
    this.#cancelWatch();
    this.#cancelNotice();
    this.#cancelNotice = this.screen.wait(NOTICE_MS, () => {
      this.notice.value = null;
    });
  }

  #watch(ms: number): void {
    this.#cancelWatch();
    this.#cancelWatch = this.screen.wait(ms, () => {
      if (this.#run) this.#close("interrupted");
    });
  }
}

const NOTICES: Record<Exclude<ChallengeAnswer, "ready">, ChallengeNotice> = {
  refused: "refused",
  photosensitive: "spared",
  reduced_motion: "reduced_motion",
};

/** Whether a request may well succeed in a moment: nobody answered, or the service is busy. */
const isPassing = (status: number): boolean => status === 0 || status === 429 || status >= 500;

function nextFrame(screen: Screen): Promise<number> {
  return new Promise((resolve) => void screen.frame(resolve));
}
