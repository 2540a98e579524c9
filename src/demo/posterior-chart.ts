import type {KwsDetectEvent, KwsPosteriorsEvent} from '../index.ts';
import {AudioClock} from './audio-clock.ts';
import {drawLanes, type ChartColours, type ChartLook, type Lane} from './draw-lanes.ts';
import {PosteriorHistory} from './posterior-history.ts';

/** What the chart looks back on. */
export const SPAN_MS = 10_000;

/** With reduced motion the chart moves in steps this far apart. */
const CALM_INTERVAL_MS = 1000;

/** Before the style sheet was read: a canvas of no size. */
const NO_COLOURS: ChartColours = {text: '', line: '', area: '', heard: '', threshold: ''};

/** Which rows of the posteriors to draw, and their names. */
export interface ChartLabels {
  readonly labels: readonly string[];
  readonly keywords: readonly string[];
}

/** Draws posteriors as they come, at the display's own rate while running and not at all otherwise. */
export class PosteriorChart {
  threshold = 0.5;
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #clock = new AudioClock();
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');
  #lanes: (Lane & {readonly heardAtMs: number[]})[] = [];
  #history: PosteriorHistory | undefined;
  #frameId: number | undefined;
  #drawnAtMs = -Infinity;
  #nowMs = 0;
  #look: ChartLook = {width: 0, height: 0, font: '', colours: NO_COLOURS};

  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (!context) throw new TypeError('got no 2d context, expected one from a canvas without another');
    this.#canvas = canvas;
    this.#context = context;
    const restyle = (): void => {
      this.#restyle();
    };
    new ResizeObserver(restyle).observe(canvas);
    for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
      matchMedia(query).addEventListener('change', restyle);
    }
  }

  /** The newest posteriors, for whoever tells them in another way. */
  get history(): PosteriorHistory | undefined {
    return this.#history;
  }

  /** The lanes, from top to bottom. */
  get lanes(): readonly Lane[] {
    return this.#lanes;
  }

  /** Empties the chart, for these labels. */
  clear({labels, keywords}: ChartLabels): void {
    this.#lanes = keywords.map((name) => ({name, label: labels.indexOf(name), heardAtMs: []}));
    this.#history = new PosteriorHistory(labels.length);
    this.#clock.reset();
    this.#nowMs = 0;
    this.draw();
  }

  /** Adds one window; drawn with the next frame. */
  push({time, posteriors}: KwsPosteriorsEvent): void {
    this.#history?.push(time, posteriors);
    this.#clock.observe(time, performance.now());
  }

  /** Marks a keyword that was heard just now, at the window that made it certain. */
  mark({keyword}: KwsDetectEvent): void {
    const heardAtMs = this.#lanes.find(({name}) => name === keyword)?.heardAtMs;
    const history = this.#history;
    if (!heardAtMs || !history || history.count === 0) return;
    const newestMs = history.timeAt(history.count - 1);
    heardAtMs.push(newestMs);
    while (heardAtMs[0] !== undefined && heardAtMs[0] < newestMs - SPAN_MS) heardAtMs.shift();
  }

  /** Moves or stands still. */
  setRunning(isRunning: boolean): void {
    if (isRunning === (this.#frameId !== undefined)) return;
    if (isRunning) {
      this.#requestFrame();
    } else if (this.#frameId !== undefined) {
      cancelAnimationFrame(this.#frameId);
      this.#frameId = undefined;
    }
  }

  /** Draws once, as things are. */
  draw(): void {
    const view = {...this.#look, nowMs: this.#nowMs, spanMs: SPAN_MS, threshold: this.threshold};
    drawLanes(this.#context, view, this.#lanes, this.#history);
  }

  /** Takes size, font and colours from the style sheet: not for each frame, because reading them costs a layout. */
  #restyle(): void {
    const canvas = this.#canvas;
    const {clientWidth: width, clientHeight: height} = canvas;
    const style = getComputedStyle(canvas);
    canvas.width = Math.round(width * devicePixelRatio);
    canvas.height = Math.round(height * devicePixelRatio);
    this.#context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    this.#look = {width, height, font: `${style.fontSize} ${style.fontFamily}`, colours: coloursOf(style)};
    this.draw();
  }

  #requestFrame(): void {
    this.#frameId = requestAnimationFrame((timeMs) => {
      if (!this.#calm.matches || timeMs - this.#drawnAtMs >= CALM_INTERVAL_MS) {
        this.#nowMs = this.#clock.at(timeMs);
        this.#drawnAtMs = timeMs;
        this.draw();
      }
      this.#requestFrame();
    });
  }
}

/** The style sheet registers these as colours, so that `light-dark()` arrives here resolved. */
function coloursOf(style: CSSStyleDeclaration): ChartColours {
  return {
    text: style.color,
    line: style.getPropertyValue('--chart-line'),
    area: style.getPropertyValue('--chart-area'),
    heard: style.getPropertyValue('--chart-heard'),
    threshold: style.getPropertyValue('--chart-threshold'),
  };
}
