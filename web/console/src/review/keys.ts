/** What a key does to the playback; null for keys that are not ours. */
export type KeyAction =
  | { do: "toggle" }
  | { do: "skip"; seconds: number }
  | { do: "lane"; by: 1 | -1 }
  | { do: "reading"; direction: 1 | -1 };

const ACTIONS: Record<string, KeyAction> = {
  k: { do: "toggle" },
  j: { do: "skip", seconds: -10 },
  l: { do: "skip", seconds: 10 },
  ArrowLeft: { do: "skip", seconds: -1 },
  ArrowRight: { do: "skip", seconds: 1 },
  ArrowUp: { do: "lane", by: -1 },
  ArrowDown: { do: "lane", by: 1 },
  "[": { do: "reading", direction: -1 },
  "]": { do: "reading", direction: 1 },
};

/** Keys that work anywhere on the page; the arrows belong to the timeline and scroll elsewhere. */
const EVERYWHERE = new Set(["j", "k", "l", "[", "]"]);

export function keyAction(event: KeyboardEvent, onTimeline: boolean): KeyAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (!onTimeline && !EVERYWHERE.has(key)) return null;
  return ACTIONS[key] ?? null;
}

/** Whether keys are being typed into something, and so are not ours. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, dialog") !== null;
}
