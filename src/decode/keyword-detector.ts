/** What a {@link KeywordDetector} is made of. Samples are at the model rate; defaults in samples suit 16 kHz. */
export interface KeywordDetectorOptions {
  /** Names of the model's classes, in the order of its output. */
  readonly labels: readonly string[];
  /** Labels that are never reported (silence, unknown), but compete for the largest posterior. */
  readonly rejectLabels: readonly string[];
  /** Labels that are reported. Default: all but the reject labels. Those left out still compete. */
  readonly keywords?: readonly string[];
  /** Smoothed posterior that fires, in (0, 1]: one for all keywords, or one for each by name. */
  readonly threshold: KeywordThreshold;
  /** Time that must pass before the same keyword can fire again. */
  readonly refractorySamples: number;
  /** Time that must pass before another keyword can fire. Default 4,800 (300 ms), never above refractorySamples. */
  readonly otherRefractorySamples?: number;
  /** The exit threshold, below which a fired keyword's utterance is over, ÷ its threshold. Default 0.5. */
  readonly exitRatio?: number;
  /** How much later smoothing makes a posterior rise: (n − 1) / 2 hops for an average of n. Default 0. */
  readonly riseDelaySamples?: number;
  /** How long a word is taken to be, for `startSample` and `endSample`. Default 7,200 (450 ms). */
  readonly wordLengthSamples?: number;
}

/** One threshold for all keywords, or one for each by its name. */
export type KeywordThreshold = number | Readonly<Record<string, number>>;

/** One spoken keyword. */
export interface KeywordHit {
  readonly keyword: string;
  /** Class index, the place in `labels`. */
  readonly index: number;
  /** Smoothed posterior when it fired. */
  readonly score: number;
  /** The threshold that it reached. */
  readonly threshold: number;
  /** The window end, interpolated, at which its posterior rose through the exit threshold. */
  readonly riseSample: number;
  /** Estimate of where the word is on the model-rate timeline: see {@link KeywordDetector}. */
  readonly startSample: number;
  readonly endSample: number;
}

const DEFAULT_OTHER_REFRACTORY_SAMPLES = 4_800;
const DEFAULT_EXIT_RATIO = 0.5;
/** About the mean length of the words of Speech Commands, 420 ms (bench/keyword-times.ts). */
const DEFAULT_WORD_LENGTH_SAMPLES = 7_200;
/**
 * How long before a word's middle its posterior rises, smoothing apart: 46 ms for micronet-large, 22 ms for
 * ds-cnn-clustered (bench/keyword-times.ts, rise − centre of energy less 100 ms of smoothing), so 40 ms at 16 kHz.
 * Networks trained on words anywhere in the window know a word from its first half.
 */
const RISE_LEAD_SAMPLES = 640;

/**
 * Turns smoothed posteriors into one event per spoken keyword.
 *
 * **Fires** at once when a keyword's posterior is at its threshold or above and is the largest of all classes.
 * **One event per utterance:** a keyword that fired does not fire again until its posterior has fallen below its exit
 * threshold (exitRatio · threshold) *and* refractorySamples have passed; so neither a long word nor a posterior that
 * trembles around the threshold fires twice, while the same word said twice is two events as soon as the time is over.
 * Another keyword may fire after otherRefractorySamples.
 *
 * **Times.** A posterior rises when about half of its word has entered the window: of what can be known when the
 * event comes, that follows the word best, namely the centre of its energy, with a standard deviation of 76 ms for
 * micronet-large and 96 ms for ds-cnn-clustered (bench/keyword-times.ts). The middle of the word is therefore taken to
 * be where the window's end, interpolated between inferences, last rose through the exit threshold, less
 * `riseDelaySamples`, plus 40 ms; `startSample` and `endSample` lie half of `wordLengthSamples` to either side, within
 * the stream heard so far. The event comes as soon as the threshold is reached; the times do not depend on when.
 *
 * One thread. Allocates in the constructor, in `setThreshold` and for the hit it returns; otherwise nothing.
 */
export class KeywordDetector {
  readonly #labels: readonly string[];
  readonly #isKeyword: Uint8Array; // [classCount]
  readonly #thresholds: Float64Array; // [classCount], NaN where the class is no keyword
  readonly #refractorySamples: number;
  readonly #otherRefractorySamples: number;
  readonly #exitRatio: number;
  readonly #riseDelaySamples: number;
  readonly #wordLengthSamples: number;

  readonly #previous: Float64Array; // [classCount] posteriors of the last inference
  readonly #riseSamples: Float64Array; // [classCount] where each last rose through its exit threshold
  readonly #isHeld: Uint8Array; // [classCount] fired, and that utterance is not over
  readonly #firedSamples: Float64Array; // [classCount] window end when each last fired
  #lastFiredSample = -Infinity;
  #previousWindowEnd = NaN; // NaN before the first inference

  /** Throws `RangeError` on unknown labels, thresholds outside (0, 1] and negative lengths. */
  constructor(options: KeywordDetectorOptions) {
    const classCount = options.labels.length;
    this.#labels = options.labels;
    this.#isKeyword = markKeywords(options);
    this.#thresholds = new Float64Array(classCount);
    this.setThreshold(options.threshold);
    this.#refractorySamples = checkLength('refractorySamples', options.refractorySamples);
    const other = options.otherRefractorySamples ?? DEFAULT_OTHER_REFRACTORY_SAMPLES;
    this.#otherRefractorySamples = Math.min(
      checkLength('otherRefractorySamples', other),
      this.#refractorySamples,
    );
    this.#exitRatio = checkUnit('exitRatio', options.exitRatio ?? DEFAULT_EXIT_RATIO);
    this.#riseDelaySamples = options.riseDelaySamples ?? 0;
    this.#wordLengthSamples = checkLength(
      'wordLengthSamples',
      options.wordLengthSamples ?? DEFAULT_WORD_LENGTH_SAMPLES,
    );
    this.#previous = new Float64Array(classCount);
    this.#riseSamples = new Float64Array(classCount);
    this.#isHeld = new Uint8Array(classCount);
    this.#firedSamples = new Float64Array(classCount);
    this.reset();
  }

  /**
   * Takes the smoothed posteriors of one inference and gives a hit where a keyword has just been spoken.
   * @param smoothed [classCount], 0…1.
   * @param windowEndSample end of the inference's window (its last sample + 1); grows from call to call.
   */
  push(smoothed: Float32Array, windowEndSample: number): KeywordHit | undefined {
    this.#follow(smoothed, windowEndSample);
    const best = indexOfLargest(smoothed);
    if (this.#isKeyword[best] === 0 || !(smoothed[best] >= this.#thresholds[best])) return undefined;
    if (this.#isHeld[best] === 1) return undefined;
    if (windowEndSample - this.#firedSamples[best] < this.#refractorySamples) return undefined;
    if (windowEndSample - this.#lastFiredSample < this.#otherRefractorySamples) return undefined;
    this.#isHeld[best] = 1;
    this.#firedSamples[best] = windowEndSample;
    this.#lastFiredSample = windowEndSample;
    return this.#createHit(best, smoothed[best], windowEndSample);
  }

  /**
   * Changes the threshold from the next push on; what is held stays held.
   * Throws `RangeError` outside (0, 1], on names that are no keyword and on a keyword without a threshold.
   */
  setThreshold(threshold: KeywordThreshold): void {
    const thresholds = this.#labels.map((label, index) => {
      if (this.#isKeyword[index] === 0) return NaN;
      const value = typeof threshold === 'number' ? threshold : threshold[label];
      return checkUnit(`threshold of "${label}"`, value);
    });
    if (typeof threshold === 'object') this.#checkNames(Object.keys(threshold));
    this.#thresholds.set(thresholds);
  }

  /** Forgets all that was heard, as after a gap in the audio. */
  reset(): void {
    this.#previous.fill(0);
    this.#riseSamples.fill(0);
    this.#isHeld.fill(0);
    this.#firedSamples.fill(-Infinity);
    this.#lastFiredSample = -Infinity;
    this.#previousWindowEnd = NaN;
  }

  /** Notes for each keyword where it rose through its exit threshold, and releases those that fell below it. */
  #follow(smoothed: Float32Array, windowEndSample: number): void {
    const previous = this.#previous;
    const previousEnd = Number.isNaN(this.#previousWindowEnd) ? windowEndSample : this.#previousWindowEnd;
    for (let index = 0; index < previous.length; index++) {
      const exitThreshold = this.#exitRatio * this.#thresholds[index];
      const now = smoothed[index];
      const before = previous[index];
      if (now < exitThreshold) {
        this.#isHeld[index] = 0;
      } else if (before < exitThreshold) {
        const share = (exitThreshold - before) / (now - before);
        this.#riseSamples[index] = previousEnd + share * (windowEndSample - previousEnd);
      }
      previous[index] = now;
    }
    this.#previousWindowEnd = windowEndSample;
  }

  #createHit(index: number, score: number, windowEndSample: number): KeywordHit {
    const middle = this.#riseSamples[index] - this.#riseDelaySamples + RISE_LEAD_SAMPLES;
    const start = Math.round(middle - this.#wordLengthSamples / 2);
    const end = Math.round(middle + this.#wordLengthSamples / 2);
    return {
      keyword: this.#labels[index],
      index,
      score,
      threshold: this.#thresholds[index],
      riseSample: this.#riseSamples[index],
      startSample: Math.max(0, Math.min(start, windowEndSample)),
      endSample: Math.max(0, Math.min(end, windowEndSample)),
    };
  }

  #checkNames(names: readonly string[]): void {
    for (const name of names) {
      if (this.#isKeyword[this.#labels.indexOf(name)] !== 1) {
        throw new RangeError(
          `threshold: got one for "${name}", expected only keywords that are listened for`,
        );
      }
    }
  }
}

/** The first of equal maxima, as numpy's argmax. */
function indexOfLargest(values: Float32Array): number {
  let largest = 0;
  for (let index = 1; index < values.length; index++) if (values[index] > values[largest]) largest = index;
  return largest;
}

function markKeywords(options: KeywordDetectorOptions): Uint8Array {
  const {labels, rejectLabels} = options;
  const known = labels.filter((label) => !rejectLabels.includes(label));
  const keywords = options.keywords ?? known;
  for (const keyword of keywords) {
    if (!known.includes(keyword)) {
      throw new RangeError(`keyword: got "${keyword}", expected one of ${known.join(', ')}`);
    }
  }
  if (keywords.length === 0) throw new RangeError(`keywords: got none, expected some of ${known.join(', ')}`);
  return Uint8Array.from(labels, (label) => (keywords.includes(label) ? 1 : 0));
}

function checkUnit(name: string, got: number | undefined): number {
  if (got !== undefined && got > 0 && got <= 1) return got;
  throw new RangeError(`${name}: got ${got}, expected a number above 0, at most 1`);
}

function checkLength(name: string, got: number): number {
  if (got >= 0) return got;
  throw new RangeError(`${name}: got ${got}, expected 0 or more samples`);
}
