/** What an {@link Endpointer} is made of. Frames are those of the speech gate. */
export interface EndpointerOptions {
  readonly sampleRateHz: number;
  /** Step between frames, samples. */
  readonly hopLength: number;
  /** Window of a frame, samples, so that a frame's sound lies in its middle. Default hopLength. */
  readonly windowLength?: number;
  /** Silence that ends an utterance, from the last frame of speech on. Default 700 ms. */
  readonly trailingSilenceMs?: number;
  /** Length at which an utterance is cut. Default 20,000 ms. */
  readonly maxUtteranceMs?: number;
  /** Sound given before the gate opened, since it opens late. Default 300 ms. */
  readonly preRollMs?: number;
  /** Sound given after the last frame in which the gate was open, at most trailingSilenceMs. Default 200 ms. */
  readonly postRollMs?: number;
  /** Speech shorter than this is none. Default 100 ms. */
  readonly minSpeechMs?: number;
}

/** What the endpointer found; samples count from the first of the stream, or from where `reset` said. */
export type EndpointEvent =
  | {readonly kind: 'start'; readonly startSample: number}
  | {
      readonly kind: 'endpoint';
      readonly startSample: number;
      readonly endSample: number;
      readonly reason: 'silence' | 'max-length' | 'stream-end';
      /** Whether the next utterance began at `endSample`, in the midst of speech and without a start of its own. */
      readonly isContinued: boolean;
    };

/** How far a transcriber has heard an utterance, and what of it: samples on the timeline of the events. */
export interface HeardWords {
  /** End of the last token that is part of a word. */
  readonly wordEndSample: number;
  /** End of what its network has given outputs for. */
  readonly heardSample: number;
}

/** A word sounds on after its last token: 9 times in 10 no longer than this (`bench/live-latency.ts` prints how long). */
const WORD_TAIL_MS = 150;
/** The gate's averages over 400 ms hold it up to so long beyond the end of speech. */
const GATE_TAIL_MS = 200;

/** Frames over which the probability is averaged where the weakest place of a long utterance is sought. */
const WEAKEST_FRAMES = 10;

const DEFAULTS = {
  trailingSilenceMs: 700,
  maxUtteranceMs: 20_000,
  preRollMs: 300,
  postRollMs: 200,
  minSpeechMs: 100,
} as const;

/**
 * Turns the gate's decisions into utterances. One starts when the gate has been open for `minSpeechMs`, at its first
 * frame less the pre-roll; it ends after `trailingSilenceMs` without speech, once the gate is closed. Where a transcriber
 * tells what it has heard, an utterance also ends when its last word is as long past, and a little more: the gate is at
 * times slow to close. At `maxUtteranceMs` it is cut where the speech probability was weakest in its second half, and goes
 * on from there: no sample is in two utterances or, while somebody speaks, in none.
 *
 * All depends on frames only, so not on how the audio was cut. One thread. Allocates in the constructor and for the
 * event it returns.
 */
export class Endpointer {
  readonly #hopLength: number;
  readonly #offset: number; // from a frame's first sample to the hop in its middle
  readonly #trailingSilenceFrames: number;
  readonly #maxUtteranceFrames: number;
  readonly #wordTailFrames: number;
  readonly #gateTailFrames: number;
  readonly #preRollFrames: number;
  readonly #postRollFrames: number;
  readonly #minSpeechFrames: number;
  readonly #probabilities: Float32Array; // [maxUtteranceFrames] ring
  #firstSample = 0;
  #frame = 0; // frames taken since the reset
  #isWithin = false; // an utterance
  #start = 0; // its first frame
  #lastOpen = 0; // frame after the newest one in which the gate was open
  #lastSpeech = 0; // frame after the newest one with speech
  #wordEnd = Infinity; // frame at which the last word ended that is known
  #heardEnd = 0; // frame after the last one that is known to have words or none
  #speechFrames = 0; // in a row, before an utterance
  #previousEnd = 0; // frame at which the utterance before ended

  /** Throws `RangeError` where an option is out of range. */
  constructor(options: EndpointerOptions) {
    const {sampleRateHz, hopLength, windowLength = hopLength} = options;
    const frameMs = (1000 * hopLength) / sampleRateHz;
    const frames = (name: keyof typeof DEFAULTS, least: number): number => {
      const value = options[name] ?? DEFAULTS[name];
      if (value >= least * frameMs && value < Infinity) return Math.round(value / frameMs);
      throw new RangeError(`${name}: got ${value}, expected ${least * frameMs} or more`);
    };
    if (!(hopLength > 0 && sampleRateHz > 0 && windowLength >= hopLength)) {
      throw new RangeError(
        `frames: got ${windowLength} samples every ${hopLength} at ${sampleRateHz} Hz, expected a window of a hop or more`,
      );
    }
    this.#hopLength = hopLength;
    this.#offset = Math.round((windowLength - hopLength) / 2);
    this.#trailingSilenceFrames = frames('trailingSilenceMs', 1);
    this.#wordTailFrames = Math.round(WORD_TAIL_MS / frameMs);
    this.#gateTailFrames = Math.round(GATE_TAIL_MS / frameMs);
    this.#minSpeechFrames = Math.max(1, frames('minSpeechMs', 0));
    this.#preRollFrames = frames('preRollMs', 0);
    this.#postRollFrames = Math.min(frames('postRollMs', 0), this.#trailingSilenceFrames);
    this.#maxUtteranceFrames = frames('maxUtteranceMs', 2 * WEAKEST_FRAMES);
    const shortest = this.#preRollFrames + this.#minSpeechFrames;
    if (this.#maxUtteranceFrames <= 2 * shortest) {
      throw new RangeError(
        `maxUtteranceMs: got ${this.#maxUtteranceFrames * frameMs}, expected more than twice preRollMs and minSpeechMs`,
      );
    }
    this.#probabilities = new Float32Array(this.#maxUtteranceFrames);
  }

  /** Whether an utterance has started and not ended. */
  get isWithinUtterance(): boolean {
    return this.#isWithin;
  }

  /**
   * Takes the next frame.
   * @param isOpen the gate's decision.
   * @param speechProbability the gate's probability, 0…1.
   * @param isSpeech whether the frame is speech itself: silence begins before the gate's hangover, not after it.
   */
  push(isOpen: boolean, speechProbability: number, isSpeech = isOpen): EndpointEvent | undefined {
    this.#probabilities[this.#frame % this.#maxUtteranceFrames] = speechProbability;
    this.#frame++;
    if (isOpen) this.#lastOpen = this.#frame;
    if (isSpeech) this.#lastSpeech = this.#frame;
    return this.#isWithin ? this.#findEnd(isOpen) : this.#findStart(isOpen);
  }

  /** Takes what a transcriber has heard of the utterance under way. */
  hear({wordEndSample, heardSample}: HeardWords): void {
    this.#wordEnd = this.#frameOf(wordEndSample);
    this.#heardEnd = this.#frameOf(heardSample);
  }

  /** Ends the utterance under way, if there is one, at the end of the stream. */
  flush(): EndpointEvent | undefined {
    return this.#isWithin ? this.#end('stream-end', this.#endOfSpeech()) : undefined;
  }

  /** Forgets all; the next frame begins at sample `firstSample`. */
  reset(firstSample: number): void {
    this.#firstSample = firstSample;
    this.#frame = 0;
    this.#isWithin = false;
    this.#lastOpen = 0;
    this.#lastSpeech = 0;
    this.#speechFrames = 0;
    this.#previousEnd = 0;
  }

  #findStart(isOpen: boolean): EndpointEvent | undefined {
    this.#speechFrames = isOpen ? this.#speechFrames + 1 : 0;
    if (this.#speechFrames < this.#minSpeechFrames) return undefined;
    const first = this.#frame - this.#speechFrames;
    this.#isWithin = true;
    this.#wordEnd = Infinity;
    this.#start = Math.max(first - this.#preRollFrames, this.#previousEnd);
    return {kind: 'start', startSample: this.#sampleOf(this.#start)};
  }

  #findEnd(isOpen: boolean): EndpointEvent | undefined {
    const isSilent = this.#frame - this.#lastSpeech >= this.#trailingSilenceFrames;
    if (!isOpen && (isSilent || this.#isWordLongPast())) {
      return this.#end('silence', this.#endOfSpeech());
    }
    if (this.#frame - this.#start < this.#maxUtteranceFrames) return undefined;
    return this.#cut();
  }

  /** Whether nothing was said for long: up to `heardEnd` by what was heard, from there on by the gate. */
  #isWordLongPast(): boolean {
    const silenceFrames = this.#frame - this.#wordEnd;
    if (silenceFrames < this.#trailingSilenceFrames + this.#wordTailFrames) return false;
    return this.#lastSpeech - this.#gateTailFrames <= this.#heardEnd;
  }

  #cut(): EndpointEvent {
    const start = this.#start;
    const weakest = this.#weakestFrame(start + Math.floor(this.#maxUtteranceFrames / 2));
    const isContinued = this.#lastOpen > weakest;
    const event = this.#end('max-length', weakest, isContinued);
    this.#isWithin = isContinued;
    this.#wordEnd = Infinity;
    this.#start = weakest;
    return event;
  }

  /** The middle of the WEAKEST_FRAMES from `first` on with the least probability; the latest of equals. */
  #weakestFrame(first: number): number {
    const probabilities = this.#probabilities;
    const ringLength = probabilities.length;
    let sum = 0;
    let least = Infinity;
    let weakest = this.#frame;
    for (let frame = first; frame < this.#frame; frame++) {
      sum += probabilities[frame % ringLength];
      if (frame >= first + WEAKEST_FRAMES) sum -= probabilities[(frame - WEAKEST_FRAMES) % ringLength];
      if (frame < first + WEAKEST_FRAMES - 1 || sum > least) continue;
      least = sum;
      weakest = frame + 1 - WEAKEST_FRAMES / 2;
    }
    return weakest;
  }

  #endOfSpeech(): number {
    return Math.min(Math.max(this.#lastOpen, this.#start + 1) + this.#postRollFrames, this.#frame);
  }

  #end(
    reason: 'silence' | 'max-length' | 'stream-end',
    endFrame: number,
    isContinued = false,
  ): EndpointEvent {
    this.#isWithin = false;
    this.#speechFrames = 0;
    this.#previousEnd = endFrame;
    const startSample = this.#sampleOf(this.#start);
    return {kind: 'endpoint', startSample, endSample: this.#sampleOf(endFrame), reason, isContinued};
  }

  #frameOf(sample: number): number {
    return Math.round((sample - this.#firstSample - this.#offset) / this.#hopLength);
  }

  /** Frames overlap: each stands for one hop around its middle; the first for all before that, too. */
  #sampleOf(frame: number): number {
    return this.#firstSample + (frame === 0 ? 0 : frame * this.#hopLength + this.#offset);
  }
}
