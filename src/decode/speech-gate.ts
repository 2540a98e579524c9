import {SPEECH_CUE_VALUES, SpeechCues} from './speech-cues.ts';
import {SPEECH_BIAS, SPEECH_WEIGHTS} from './speech-gate-weights.ts';

/** When a {@link SpeechGate} opens and closes. */
export interface SpeechGateOptions {
  /** Speech probability at which it opens, in (0, 1]. Default 0.6. */
  readonly enterThreshold?: number;
  /** Speech probability below which it begins to close, in (0, enterThreshold]. Default 0.35. */
  readonly exitThreshold?: number;
  /** How long it stays open below the exit threshold. Default 150 ms, the closure of a plosive and then some. */
  readonly hangoverMs?: number;
}

/** Frames come every 10 ms. */
export const SPEECH_GATE_FRAME_MS = 10;

const DEFAULT_ENTER_THRESHOLD = 0.6;
const DEFAULT_EXIT_THRESHOLD = 0.35;
const DEFAULT_HANGOVER_MS = 150;

/**
 * Tells frame by frame whether somebody is speaking: a logistic function of the cues of {@link SpeechCues}, then a
 * switch with two thresholds and a hangover. The weights are fitted by `bench/fit-speech-gate.ts`; what it reaches is
 * printed by `bench/speech-gate.ts`. It adapts to the noise within 1.5 s, so a tone that begins may open it that long.
 *
 * One thread. Allocates in the constructor only.
 */
export class SpeechGate {
  readonly #cues = new SpeechCues();
  readonly #values = new Float64Array(SPEECH_CUE_VALUES);
  readonly #enterThreshold: number;
  readonly #exitThreshold: number;
  readonly #hangoverFrames: number;
  #speechProbability = 0;
  #isOpen = false;
  #quietFrames = 0; // below the exit threshold, in a row

  /** Throws `RangeError` where a threshold or the hangover is out of range. */
  constructor(options: SpeechGateOptions = {}) {
    const {
      enterThreshold = DEFAULT_ENTER_THRESHOLD,
      exitThreshold = Math.min(DEFAULT_EXIT_THRESHOLD, enterThreshold),
      hangoverMs = DEFAULT_HANGOVER_MS,
    } = options;
    if (!(enterThreshold > 0 && enterThreshold <= 1)) {
      throw new RangeError(`enterThreshold: got ${enterThreshold}, expected a number above 0, at most 1`);
    }
    if (!(exitThreshold > 0 && exitThreshold <= enterThreshold)) {
      throw new RangeError(
        `exitThreshold: got ${exitThreshold}, expected a number above 0, at most enterThreshold ${enterThreshold}`,
      );
    }
    if (!(hangoverMs >= 0 && hangoverMs < Infinity)) {
      throw new RangeError(`hangoverMs: got ${hangoverMs}, expected 0 or more`);
    }
    this.#enterThreshold = enterThreshold;
    this.#exitThreshold = exitThreshold;
    this.#hangoverFrames = Math.round(hangoverMs / SPEECH_GATE_FRAME_MS);
  }

  /** Probability that the newest frame is speech, 0…1; 0 before the first. */
  get speechProbability(): number {
    return this.#speechProbability;
  }

  /** Whether the gate is open at the newest frame. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether the newest frame is speech itself: the gate is open, and not by its hangover. */
  get isSpeech(): boolean {
    return this.#isOpen && this.#quietFrames === 0;
  }

  /**
   * Takes the next frame, 10 ms after the one before, and gives {@link isOpen}.
   * @param logMel [SPEECH_BAND_COUNT] from the front end SPEECH_GATE_LOG_MEL.
   */
  push(logMel: Float32Array): boolean {
    const values = this.#values;
    this.#cues.pushInto(logMel, values);
    let sum = 0; // and not the bias: begun with what may be any value, each sum would be an object
    for (let index = 0; index < SPEECH_CUE_VALUES; index++) sum += SPEECH_WEIGHTS[index] * values[index];
    const probability = 1 / (1 + Math.exp(-sum - SPEECH_BIAS));
    this.#speechProbability = probability;
    this.#decide(probability);
    return this.#isOpen;
  }

  /** Forgets all that was heard, as after a gap in the audio. */
  reset(): void {
    this.#cues.reset();
    this.#speechProbability = 0;
    this.#isOpen = false;
    this.#quietFrames = 0;
  }

  #decide(probability: number): void {
    if (probability >= this.#enterThreshold) this.#isOpen = true;
    this.#quietFrames = probability >= this.#exitThreshold ? 0 : this.#quietFrames + 1;
    if (this.#quietFrames > this.#hangoverFrames) this.#isOpen = false;
  }
}
