import { describe, expect, it } from "vitest";
import { openStream, type Source } from "./stream";

class FakeSource implements Source {
  readyState = 0;
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  closed = false;
  readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();

  addEventListener(name: string, listener: (event: MessageEvent<string>) => void) {
    this.listeners.set(name, listener);
  }

  close() {
    this.closed = true;
  }

  fail(readyState: number) {
    this.readyState = readyState;
    this.onerror?.(new Event("error"));
  }
}

function begin() {
  const sources: FakeSource[] = [];
  const waits: { ms: number; then: () => void; cancelled: boolean }[] = [];
  const got: unknown[] = [];
  const stream = openStream(
    "/events",
    { state: (data) => got.push(data) },
    {
      open: () => {
        const source = new FakeSource();
        sources.push(source);
        return source;
      },
      wait: (ms, then) => {
        const entry = { ms, then, cancelled: false };
        waits.push(entry);
        return () => {
          entry.cancelled = true;
        };
      },
    },
  );
  return { stream, sources, waits, got };
}

describe("openStream", () => {
  it("hands over what the service sends", () => {
    const { sources, got } = begin();
    sources[0]?.listeners.get("state")?.(new MessageEvent("state", { data: '{"state":"live"}' }));
    expect(got).toEqual([{ state: "live" }]);
  });

  it("leaves a dropped connection to the browser", () => {
    const { stream, sources, waits } = begin();
    sources[0]?.fail(0);
    expect(stream.state.value).toBe("lost");
    expect(waits).toEqual([]);
    sources[0]?.onopen?.(new Event("open"));
    expect(stream.state.value).toBe("open");
  });

  it("opens again, ever more slowly, when the browser has given up", () => {
    const { sources, waits } = begin();
    for (let round = 0; round < 6; round += 1) {
      sources.at(-1)?.fail(2);
      waits.at(-1)?.then();
    }
    expect(waits.map((one) => one.ms)).toEqual([1000, 2000, 4000, 8000, 15000, 15000]);
    expect(sources).toHaveLength(7);
  });

  it("stops for good when closed", () => {
    const { stream, sources, waits } = begin();
    sources[0]?.fail(2);
    stream.close();
    expect(waits[0]?.cancelled).toBe(true);
    expect(sources[0]?.closed).toBe(true);
  });
});
