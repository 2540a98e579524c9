import {createFrequencyRows, fillColumn, type FrequencyRows} from './frequency-rows.ts';
import type {SoundTap} from './sound-tap.ts';
import {SpectrogramPicture} from './spectrogram-picture.ts';

/** What the picture shows at once: ten seconds in columns of 20 ms. */
const COLUMN_MS = 20;
const COLUMN_COUNT = 500;
const ROW_COUNT = 96;

/** What the networks hear: all below half of their 16 kHz. */
const TOP_HZ = 8000;

/** Columns without a frame beyond which nobody knows what was heard: the page was hidden. */
const GAP_COLUMNS = 25;

/** What is drawn of it. */
const SILENCE = new Uint8Array(ROW_COUNT);

/** With reduced motion the picture moves in steps this far apart. */
const CALM_INTERVAL_MS = 1000;

/** Draws the spectrum of a sound as it comes, at the display's own rate while running and not at all otherwise. */
export class Spectrogram {
  readonly #context: CanvasRenderingContext2D;
  readonly #picture = new SpectrogramPicture(COLUMN_COUNT, ROW_COUNT);
  readonly #image = new ImageData(COLUMN_COUNT, ROW_COUNT);
  readonly #pixels = new Uint32Array(this.#image.data.buffer);
  readonly #column = new Uint8Array(ROW_COUNT);
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');
  #palette = new Uint32Array(256);
  #frameId: number | undefined;
  #filledToMs = 0; // page time up to which there are columns
  #drawnAtMs = -Infinity;

  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d');
    if (!context) throw new TypeError('got no 2d context, expected one from a canvas without another');
    canvas.width = COLUMN_COUNT;
    canvas.height = ROW_COUNT;
    this.#context = context;
    const restyle = (): void => {
      this.#palette = readPalette(canvas);
      this.#draw();
    };
    for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
      matchMedia(query).addEventListener('change', restyle);
    }
    restyle();
  }

  /** Begins anew, with what comes from here. */
  start(tap: SoundTap): void {
    this.stop();
    this.#picture.clear();
    this.#drawnAtMs = -Infinity;
    const {binHz, binCount} = tap;
    const rows = createFrequencyRows({rowCount: ROW_COUNT, topHz: TOP_HZ, binHz, binCount});
    this.#filledToMs = performance.now();
    this.#requestFrame(tap, rows);
  }

  /** Stands still. */
  stop(): void {
    if (this.#frameId !== undefined) cancelAnimationFrame(this.#frameId);
    this.#frameId = undefined;
  }

  #requestFrame(tap: SoundTap, rows: FrequencyRows): void {
    this.#frameId = requestAnimationFrame((timeMs) => {
      this.#push(tap, rows, timeMs);
      if (!this.#calm.matches || timeMs - this.#drawnAtMs >= CALM_INTERVAL_MS) {
        this.#drawnAtMs = timeMs;
        this.#draw();
      }
      this.#requestFrame(tap, rows);
    });
  }

  /** As many columns as time has passed: displays differ in their rate. */
  #push(tap: SoundTap, rows: FrequencyRows, timeMs: number): void {
    const count = Math.floor((timeMs - this.#filledToMs) / COLUMN_MS);
    if (count <= 0) return;
    this.#filledToMs += count * COLUMN_MS;
    fillColumn(rows, tap.readSpectrum(), this.#column);
    const gapCount = count > GAP_COLUMNS ? count - 1 : 0;
    this.#picture.push(SILENCE, gapCount);
    this.#picture.push(this.#column, count - gapCount);
  }

  #draw(): void {
    this.#picture.paint(this.#palette, this.#pixels);
    this.#context.putImageData(this.#image, 0, 0);
  }
}

/** Colours of the levels, from the style sheet: as pixels, so that `light-dark()` arrives here resolved. */
function readPalette(canvas: HTMLCanvasElement): Uint32Array<ArrayBuffer> {
  const style = getComputedStyle(canvas);
  const context = new OffscreenCanvas(256, 1).getContext('2d');
  if (!context) return new Uint32Array(256);
  const gradient = context.createLinearGradient(0, 0, 256, 0);
  gradient.addColorStop(0, style.getPropertyValue('--sound-none'));
  gradient.addColorStop(0.5, style.getPropertyValue('--sound-some'));
  gradient.addColorStop(1, style.getPropertyValue('--sound-loud'));
  context.fillStyle = gradient;
  context.fillRect(0, 0, 256, 1);
  return new Uint32Array(context.getImageData(0, 0, 256, 1).data.buffer);
}
