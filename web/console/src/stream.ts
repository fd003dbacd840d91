import { type Signal, signal } from "@preact/signals";

/** What a page needs of an `EventSource`. */
export interface Source {
  readyState: number;
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface StreamOptions {
  open?: (url: string) => Source;
  wait?: (ms: number, then: () => void) => () => void;
}

export interface Stream {
  /** `lost` while the connection is down; it is retried without end. */
  state: Signal<"connecting" | "open" | "lost">;
  close(): void;
}

const CLOSED = 2;
const BACK_OFF_MS = [1000, 2000, 4000, 8000, 15000];

/**
 * Follow a stream of server-sent events, for ever.
 *
 * A browser retries a dropped stream by itself, but gives up when the service answers with an error, as it does
 * while it restarts; then the stream is opened again here, with back-off.
 */
export function openStream(
  url: string,
  listeners: Record<string, (data: unknown) => void>,
  options: StreamOptions = {},
): Stream {
  const open = options.open ?? ((address) => new EventSource(address) as Source);
  const wait = options.wait ?? laterOnClock;
  const state = signal<"connecting" | "open" | "lost">("connecting");
  let failures = 0;
  let cancelWait = () => {};
  let source = connect();

  function connect(): Source {
    const fresh = open(url);
    fresh.onopen = () => {
      failures = 0;
      state.value = "open";
    };
    fresh.onerror = () => {
      state.value = "lost";
      if (fresh.readyState === CLOSED) reopen();
    };
    for (const [name, listener] of Object.entries(listeners))
      fresh.addEventListener(name, (event) => listener(JSON.parse(event.data)));
    return fresh;
  }

  function reopen() {
    const delay = BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length - 1)] ?? 0;
    failures += 1;
    cancelWait = wait(delay, () => {
      source = connect();
    });
  }

  return {
    state,
    close() {
      cancelWait();
      source.close();
    },
  };
}

export function laterOnClock(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
}
