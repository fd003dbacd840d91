import { heightIn, type Lane } from "./lanes";

export const LANE_PX = 34;
const PAD_PX = 5;

export interface LaneColours {
  measured: string;
  abstained: string;
  line: string;
  selected: string;
}

export interface LaneSpace {
  width: number;
  duration: number;
  selected: string | null;
}

/** Draw every lane: measurements as marks whose height is the raw score and whose strength is the quality. */
export function drawLanes(
  canvas: CanvasRenderingContext2D,
  lanes: readonly Lane[],
  space: LaneSpace,
  colours: LaneColours,
): void {
  canvas.clearRect(0, 0, space.width, lanes.length * LANE_PX);
  lanes.forEach((lane, row) => {
    const top = row * LANE_PX;
    if (lane.kind === space.selected) {
      canvas.globalAlpha = 1;
      canvas.fillStyle = colours.selected;
      canvas.fillRect(0, top, space.width, LANE_PX);
    }
    canvas.globalAlpha = 1;
    canvas.fillStyle = colours.line;
    canvas.fillRect(0, top + LANE_PX - 1, space.width, 1);
    drawAbstentions(canvas, lane, top, space, colours.abstained);
    drawMeasurements(canvas, lane, top, space, colours.measured);
  });
  canvas.globalAlpha = 1;
}

function drawAbstentions(
  canvas: CanvasRenderingContext2D,
  lane: Lane,
  top: number,
  space: LaneSpace,
  colour: string,
) {
  canvas.fillStyle = colour;
  for (const { type, start, end } of lane.readings) {
    if (type !== "abstention") continue;
    const [x, width] = across(start, end, space);
    canvas.fillRect(x, top + LANE_PX - PAD_PX - 3, width, 3);
  }
}

function drawMeasurements(
  canvas: CanvasRenderingContext2D,
  lane: Lane,
  top: number,
  space: LaneSpace,
  colour: string,
) {
  canvas.fillStyle = colour;
  const room = LANE_PX - 2 * PAD_PX - 4;
  for (const { score, quality, start, end } of lane.readings) {
    if (score === null) continue;
    const [x, width] = across(start, end, space);
    const y = top + PAD_PX + (1 - heightIn(lane, score)) * room;
    canvas.globalAlpha = 0.25 + 0.75 * (quality ?? 1);
    canvas.fillRect(x, y, width, 3);
    canvas.globalAlpha *= 0.18;
    canvas.fillRect(x, y + 3, width, top + LANE_PX - PAD_PX - y - 3);
  }
  canvas.globalAlpha = 1;
}

/** Left edge and width in pixels of a span of media time, at least three pixels wide. */
export function across(start: number, end: number, { width, duration }: LaneSpace): [number, number] {
  const scale = width / duration;
  return [start * scale, Math.max(3, (end - start) * scale)];
}
