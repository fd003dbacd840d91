import { signal } from "@preact/signals";
import type { openStream } from "../stream";

/** Streams of events that a test speaks through. */
export class FakeStreams {
  readonly open: { url: string; closed: boolean }[] = [];
  #listeners: Record<string, (data: unknown) => void> = {};
  readonly state = signal<"connecting" | "open" | "lost">("open");

  readonly openStream: typeof openStream = (url, listeners) => {
    const entry = { url, closed: false };
    this.open.push(entry);
    this.#listeners = listeners;
    return {
      state: this.state,
      close: () => {
        entry.closed = true;
      },
    };
  };

  send(event: string, data: unknown): void {
    this.#listeners[event]?.(data);
  }
}
