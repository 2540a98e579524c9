import type {PosteriorHistory} from './posterior-history.ts';

/** Colours of the chart, as the style sheet has them in the visitor's theme. */
export interface ChartColours {
  readonly text: string;
  readonly line: string;
  readonly area: string;
  readonly heard: string;
  readonly threshold: string;
}

/** One keyword's lane. */
export interface Lane {
  readonly name: string;
  /** Its place in the posteriors. */
  readonly label: number;
  /** When it was heard, milliseconds on the audio timeline. */
  readonly heardAtMs: readonly number[];
}

/** What the style sheet decides; sizes in CSS pixels. */
export interface ChartLook {
  readonly width: number;
  readonly height: number;
  readonly font: string;
  readonly colours: ChartColours;
}

/** What one drawing shows. */
export interface ChartView extends ChartLook {
  /** The right edge, milliseconds on the audio timeline. */
  readonly nowMs: number;
  readonly spanMs: number;
  readonly threshold: number;
}

/** Where a lane lies on the canvas. */
interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A pause between windows beyond which the curve is broken rather than drawn on. */
const GAP_MS = 1000;
const AXIS_HEIGHT = 20;
const LANE_PADDING = 3;

/**
 * Draws the lanes: for each keyword the curve of its posterior, full above the threshold, and a mark where it was
 * heard. The meaning is in heights, lines and words; colours only help.
 */
export function drawLanes(
  context: CanvasRenderingContext2D,
  view: ChartView,
  lanes: readonly Lane[],
  history: PosteriorHistory | undefined,
): void {
  const {width, height, font, colours} = view;
  context.clearRect(0, 0, width, height);
  context.font = font;
  context.textBaseline = 'middle';
  const left = 12 + Math.max(0, ...lanes.map(({name}) => context.measureText(name).width));
  const laneHeight = (height - AXIS_HEIGHT) / Math.max(1, lanes.length);
  lanes.forEach((lane, index) => {
    const bottom = (index + 1) * laneHeight;
    const box: Box = {left, right: width - 1, top: bottom - laneHeight + LANE_PADDING, bottom: bottom - 0.5};
    drawFrame(context, view, lane, box);
    if (history) drawCurve(context, view, box, history, lane.label);
    for (const timeMs of lane.heardAtMs) drawMark(context, view, box, timeMs);
  });
  context.fillStyle = colours.text;
  drawAxis(context, view, left);
}

function drawFrame(context: CanvasRenderingContext2D, view: ChartView, {name}: Lane, box: Box): void {
  const {colours, threshold} = view;
  context.fillStyle = colours.text;
  context.textAlign = 'right';
  context.fillText(name, box.left - 10, (box.top + box.bottom) / 2);
  context.lineWidth = 1;
  context.strokeStyle = colours.line;
  strokeLine(context, box, box.bottom);
  context.strokeStyle = colours.threshold;
  context.setLineDash([3, 4]);
  strokeLine(context, box, yOf(threshold, box));
  context.setLineDash([]);
}

function strokeLine(context: CanvasRenderingContext2D, {left, right}: Box, y: number): void {
  context.beginPath();
  context.moveTo(left, y);
  context.lineTo(right, y);
  context.stroke();
}

function drawCurve(
  context: CanvasRenderingContext2D,
  view: ChartView,
  box: Box,
  history: PosteriorHistory,
  label: number,
): void {
  const thresholdY = yOf(view.threshold, box);
  const path = areaPath(view, box, history, label);
  fillClipped(context, path, box, {top: thresholdY, bottom: box.bottom, colour: view.colours.area});
  fillClipped(context, path, box, {top: box.top, bottom: thresholdY, colour: view.colours.heard});
}

/** The part of a path between two heights. */
function fillClipped(
  context: CanvasRenderingContext2D,
  path: Path2D,
  {left, right}: Box,
  {top, bottom, colour}: {readonly top: number; readonly bottom: number; readonly colour: string},
): void {
  context.save();
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
  context.fillStyle = colour;
  context.fill(path);
  context.restore();
}

function areaPath(view: ChartView, box: Box, history: PosteriorHistory, label: number): Path2D {
  const path = new Path2D();
  let previousMs = -Infinity;
  let previousX = box.left;
  for (let index = 0; index < history.count; index++) {
    const timeMs = history.timeAt(index);
    const x = xOf(timeMs, view, box);
    if (x < box.left - (box.right - box.left) / 4) continue; // left of the edge, except for one to come in from
    if (timeMs - previousMs > GAP_MS) {
      path.lineTo(previousX, box.bottom);
      path.moveTo(x, box.bottom);
    }
    path.lineTo(x, yOf(history.valueAt(index, label), box));
    previousMs = timeMs;
    previousX = x;
  }
  path.lineTo(previousX, box.bottom);
  return path;
}

/** A triangle below the lane's line, where the curve cannot hide it. */
function drawMark(context: CanvasRenderingContext2D, view: ChartView, box: Box, timeMs: number): void {
  const x = xOf(timeMs, view, box);
  if (x < box.left) return;
  context.fillStyle = view.colours.text;
  context.beginPath();
  context.moveTo(x, box.top + 5);
  context.lineTo(x - 4, box.top - 2);
  context.lineTo(x + 4, box.top - 2);
  context.fill();
}

function drawAxis(context: CanvasRenderingContext2D, {width, height, spanMs}: ChartView, left: number): void {
  const y = height - AXIS_HEIGHT / 2 + 2;
  context.textAlign = 'left';
  context.fillText(`${spanMs / 1000} s ago`, left, y);
  context.textAlign = 'right';
  context.fillText('now', width - 1, y);
}

function xOf(timeMs: number, {nowMs, spanMs}: ChartView, {left, right}: Box): number {
  return right - ((nowMs - timeMs) / spanMs) * (right - left);
}

function yOf(value: number, {top, bottom}: Box): number {
  return bottom - value * (bottom - top);
}
