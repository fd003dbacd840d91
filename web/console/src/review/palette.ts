import { useEffect, useState } from "preact/hooks";

const NAMES = ["ink", "ink-3", "line", "line-strong", "accent", "accent-soft", "fraud", "surface"] as const;

export type Palette = Record<(typeof NAMES)[number], string>;

/** The page's colours for drawing on canvas, read again when the colour scheme changes. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(readPalette);
  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const read = () => setPalette(readPalette());
    dark.addEventListener("change", read);
    return () => dark.removeEventListener("change", read);
  }, []);
  return palette;
}

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim() || "#888"]),
  ) as Palette;
}
