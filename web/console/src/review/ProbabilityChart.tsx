import { useEffect, useMemo, useRef } from "preact/hooks";
import "uplot/dist/uPlot.min.css";
import { evidenceText } from "../assessment/text";
import { interval, percent } from "../format";
import type { Assessment } from "../types";
import { assessmentAt } from "./lanes";
import styles from "./ProbabilityChart.module.css";
import { usePalette } from "./palette";
import { type MakePlot, makePlot, plotData, plotOptions } from "./plot";
import { reviewText } from "./text";
import { useWidth } from "./useWidth";

export interface ProbabilityChartProps {
  assessments: Assessment[];
  duration: number;
  t: number;
  gutter: number;
  onSeek: (t: number) => void;
  make?: MakePlot;
}

const HEIGHT_PX = 168;
export const CHART_END_PX = 18;

/** The probability with its interval over the whole interview; a click goes there. */
export function ProbabilityChart({
  assessments,
  duration,
  t,
  gutter,
  onSeek,
  make = makePlot,
}: ProbabilityChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const palette = usePalette();
  const data = useMemo(() => plotData(assessments), [assessments]);
  const at = assessmentAt(assessments, t);

  useEffect(() => {
    const into = frame.current;
    if (!into || width === 0) return undefined;
    const space = { width, height: HEIGHT_PX, duration, gutter, end: CHART_END_PX };
    const plot = make(plotOptions(space, palette, data), data, into);
    const seek = (event: MouseEvent) => onSeek(plot.posToVal(event.offsetX, "x"));
    plot.over?.addEventListener("click", seek);
    return () => plot.destroy();
  }, [data, width, duration, gutter, palette, make]);

  const inner = `calc((100% - ${gutter + CHART_END_PX}px) * ${Math.min(1, t / duration)} + ${gutter}px)`;
  return (
    <figure class={styles.chart}>
      <figcaption>
        <h2>{reviewText("review.chart")}</h2>
        <span>{reviewText("review.chartHint")}</span>
      </figcaption>
      <div ref={frame} class={styles.plot} role="img" aria-label={spoken(at)}>
        <span class={styles.head} style={{ left: inner }} />
      </div>
    </figure>
  );
}

function spoken(at: Assessment | null): string {
  if (!at) return evidenceText("assessment.none");
  const measured = evidenceText("assessment.interval", { range: interval(...at.interval) });
  return evidenceText("assessment.spoken", {
    p: percent(at.probability),
    range: at.contributions.length > 0 ? measured : evidenceText("assessment.onlyBase"),
    band: evidenceText(`band.${at.band}`),
  });
}
