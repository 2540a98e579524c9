import {KeywordDetector, type KeywordHit} from '../decode/keyword-detector.ts';
import {PosteriorSmoother} from '../decode/posterior-smoothing.ts';
import {WordSpanFinder} from '../decode/word-span.ts';
import {LEVEL_FLOOR_DB, levelInto} from '../features/level.ts';
import type {AudioPipeline, PipelineStats} from './audio-pipeline.ts';
import type {PlanarAudio} from './audio-queue.ts';
import {FeatureStream} from './feature-stream.ts';
import {hopFramesOf} from './hop-frames.ts';
import {DrainLoop} from './drain-loop.ts';
import type {KeywordClassifier} from './keyword-classifier.ts';

/** Averaging span where none is asked for: three windows, the fewest that outvote one stray window. */
const DEFAULT_SMOOTHING_MS = 300;
/** Refractory time where none is asked for: as long as the keyword models' window still holds the word. */
const DEFAULT_REFRACTORY_MS = 1000;
/** Loudness remembered for placing a word: its window, the smoothing and some background before it. */
const SPAN_MEMORY_MS = 2000;
/** How far the hop may be lengthened before audio is dropped: at 400 ms a window still sees every word whole. */
const MAX_HOP_STRETCH = 4;

/** What one listening run needs; times in milliseconds, a default for whatever is absent. */
export interface KeywordPipelineOptions {
  /** Rate of the samples given to `accept`, Hz. */
  readonly inputRateHz: number;
  readonly keywords?: readonly string[];
  readonly threshold?: number;
  readonly hopMs?: number;
  readonly smoothingMs?: number;
  readonly refractoryMs?: number;
  /** Milliseconds that only go forward: `performance.now` in a worker. */
  readonly clock: () => number;
}

/** Who is told what the pipeline finds. Called synchronously, in order; must not throw. */
export interface KeywordPipelineObserver {
  /** A keyword was heard; `latencyMs` runs from the arrival of the word's last sample. */
  onKeyword(hit: KeywordHit, latencyMs: number): void;
  /** One inference's smoothed posteriors [labelCount]; reused, copy what is kept. */
  onPosteriors?(posteriors: Float32Array, endSample: number): void;
}

/**
 * From device-rate samples to keywords: frames → features → classifier → smoothing → detection. When inference is
 * late the hop is lengthened first, then the oldest audio is dropped and counted.
 * Worker or Node. `accept` never waits; `drain` runs one inference at a time.
 */
export class KeywordPipeline implements AudioPipeline {
  readonly #classifier: KeywordClassifier;
  readonly #observer: KeywordPipelineObserver;
  readonly #loop = new DrainLoop(() => this.#hop());
  readonly #clock: () => number;
  readonly #frameMs: number;
  readonly #sampleMs: number;
  readonly #hopFrames: number;
  readonly #smoothingMs: number;
  readonly #stream: FeatureStream;
  readonly #smoother: PosteriorSmoother;
  readonly #detector: KeywordDetector;
  readonly #spans: WordSpanFinder;
  readonly #frameLevel = new Float32Array(2); // RMS and peak, dB
  readonly #features: Float32Array; // [frameCount × coefficientCount]
  readonly #posteriors: Float32Array; // [labelCount]
  readonly #smoothed: Float32Array; // [labelCount]
  #hopStretch = 1;
  #newestArrivalMs = 0;
  #busyMs = 0;
  #inferenceCount = 0;

  constructor(
    classifier: KeywordClassifier,
    observer: KeywordPipelineObserver,
    options: KeywordPipelineOptions,
  ) {
    const {card, mfcc, frameCount} = classifier.system;
    const {smoothingMs = card.defaults.smoothingMs ?? DEFAULT_SMOOTHING_MS} = options;
    this.#classifier = classifier;
    this.#observer = observer;
    this.#clock = options.clock;
    this.#sampleMs = 1000 / mfcc.sampleRateHz;
    this.#frameMs = mfcc.hopLength * this.#sampleMs;
    this.#hopFrames = hopFramesOf(mfcc, options.hopMs);
    this.#spans = new WordSpanFinder({...mfcc, frameCount: Math.round(SPAN_MEMORY_MS / this.#frameMs)});
    this.#stream = new FeatureStream(classifier.system, options.inputRateHz, (frame, frameEndSample) => {
      levelInto(frame, this.#frameLevel);
      this.#spans.push(this.#frameLevel[0] ?? LEVEL_FLOOR_DB, frameEndSample);
    });
    this.#smoothingMs = smoothingMs;
    const windowLength = this.#smoothingWindows();
    this.#smoother = new PosteriorSmoother({classCount: card.labels.length, windowLength});
    this.#detector = new KeywordDetector({
      labels: card.labels,
      rejectLabels: card.rejectLabels,
      threshold: options.threshold ?? card.defaults.threshold,
      refractorySamples: Math.round((options.refractoryMs ?? DEFAULT_REFRACTORY_MS) / this.#sampleMs),
      // an average over n windows rises (n − 1) / 2 hops late
      riseDelaySamples: ((windowLength - 1) / 2) * this.#hopFrames * mfcc.hopLength,
      ...(options.keywords && {keywords: options.keywords}),
    });
    this.#features = new Float32Array(frameCount * mfcc.coefficientCount);
    this.#posteriors = new Float32Array(card.labels.length);
    this.#smoothed = new Float32Array(card.labels.length);
  }

  /** Counters up to now. */
  get stats(): PipelineStats {
    const processedSamples = Math.max(0, Math.round(this.#stream.windowEndSample));
    const audioMs = processedSamples * this.#sampleMs;
    return {
      processedSamples,
      droppedSamples: this.#stream.audio.droppedSamples,
      overrunSamples: this.#stream.audio.overrunSamples,
      inferenceCount: this.#inferenceCount,
      realTimeFactor: audioMs > 0 ? this.#busyMs / audioMs : 0,
      hopMs: this.#hopFrames * this.#hopStretch * this.#frameMs,
    };
  }

  /** Loudness of the newest chunk, dB relative to full scale. */
  get levelDb(): number {
    return this.#stream.audio.levelDb;
  }

  /** Model-rate index after the newest accepted sample. */
  get newestSample(): number {
    return this.#stream.audio.newestSample;
  }

  /** Changes the threshold from the next inference on. */
  setThreshold(threshold: number): void {
    this.#detector.setThreshold(threshold);
  }

  /**
   * Takes one chunk; never waits.
   * @param firstSample input-rate index of its first sample.
   * @throws RangeError where the chunk is longer than MAX_CHUNK_SAMPLES.
   */
  accept(audio: PlanarAudio, firstSample: number): void {
    const startMs = this.#clock();
    this.#stream.accept(audio, firstSample);
    this.#newestArrivalMs = startMs;
    this.#busyMs += this.#clock() - startMs;
  }

  /**
   * Runs inferences until less than one hop of audio waits; at once where another drain is under way, which then
   * does this one's work.
   * @throws whatever the engine throws; the pipeline is then stopped.
   */
  async drain(): Promise<void> {
    await this.#loop.drain();
  }

  /**
   * Ends the run: an inference under way finishes unheard, and nothing is reported after this. Resolves when it has,
   * and the classifier is free.
   */
  async stop(): Promise<void> {
    await this.#loop.end();
  }

  /** One window from features to detection; false where more audio is needed first. */
  async #hop(): Promise<boolean> {
    const startMs = this.#clock();
    if (!this.#stream.nextWindowInto(this.#features, this.#hopFrames * this.#hopStretch)) {
      this.#busyMs += this.#clock() - startMs;
      return false;
    }
    const endSample = Math.round(this.#stream.windowEndSample);
    const place = {stream: this.#stream, newestFrame: this.#stream.newestFrame};
    await this.#classifier.classify(this.#features, this.#posteriors, place);
    if (this.#loop.isStopped) return false;
    this.#smoother.push(this.#posteriors, this.#smoothed);
    const hit = this.#detector.push(this.#smoothed, endSample);
    this.#inferenceCount++;
    this.#busyMs += this.#clock() - startMs;
    this.#observer.onPosteriors?.(this.#smoothed, endSample);
    if (hit) this.#report(hit);
    this.#adaptHop();
    return true;
  }

  /** The network says what was said; the loudness says where. */
  #report(hit: KeywordHit): void {
    const placed = {...hit, ...this.#spans.find(hit.riseSample)};
    this.#observer.onKeyword(placed, this.#latencyMs(placed));
  }

  /** Now, less the moment at which the word's last sample arrived. */
  #latencyMs(hit: KeywordHit): number {
    const ageMs = (this.#stream.audio.newestSample - hit.endSample) * this.#sampleMs;
    return Math.max(0, this.#clock() - this.#newestArrivalMs + ageMs);
  }

  /** Lengthens the hop by one step while two or more hops wait, and shortens it again when none does. */
  #adaptHop(): void {
    const hopsWaiting =
      (this.#stream.audio.backlogSamples * this.#sampleMs) / (this.#hopFrames * this.#frameMs);
    if (hopsWaiting >= 2 * this.#hopStretch) {
      this.#hopStretch = Math.min(MAX_HOP_STRETCH, this.#hopStretch + 1);
    } else if (hopsWaiting < this.#hopStretch && this.#hopStretch > 1) {
      this.#hopStretch--;
    }
    this.#smoother.setWindowLength(this.#smoothingWindows());
  }

  /** How many windows the smoothing span holds at the hop in force. */
  #smoothingWindows(): number {
    return Math.max(1, Math.round(this.#smoothingMs / (this.#hopFrames * this.#hopStretch * this.#frameMs)));
  }
}
