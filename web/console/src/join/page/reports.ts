import type { JoinApi } from "../../api";
import type { PageReport } from "../../types";

const MOST = 16;

/** What the page reports about itself, in order. What does not arrive goes with the next; the oldest give way. */
export class PageReports {
  readonly #api: Pick<JoinApi, "reportPage">;
  #waiting: PageReport[] = [];
  #isSending = false;

  constructor(api: Pick<JoinApi, "reportPage">) {
    this.#api = api;
  }

  async add(report: PageReport): Promise<void> {
    this.#waiting = [...this.#waiting, report].slice(-MOST);
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const sent = await this.#api.reportPage(batch);
      if (sent.ok || isUnusable(sent.failure.status)) continue;
      this.#waiting = [...batch, ...this.#waiting].slice(-MOST);
      break;
    }
    this.#isSending = false;
  }
}

/** The service will not take it the next time either. */
const isUnusable = (status: number) => status >= 400 && status < 500 && status !== 429;
