import {createResamplerKernel} from './resampler-kernel.ts';
import type {ResamplerKernel} from './resampler-kernel.ts';

/** The two rates of a {@link Resampler}, whole numbers of hertz in 1,000…384,000. */
export interface ResamplerOptions {
  readonly inputRateHz: number;
  readonly outputRateHz: number;
}

const MIN_RATE_HZ = 1_000;
const MAX_RATE_HZ = 384_000;

/** Input samples worked on at once; a longer input goes through in pieces. */
const BLOCK_SAMPLES = 2048;

/**
 * Changes the sample rate of a stream with an anti-aliased polyphase filter (windowed sinc, Kaiser).
 *
 * Output sample n lies at input time n · inputRate / outputRate, exactly, for ever. However the input is split,
 * the output is the same to the last bit. Passband to 0.45 of the lower rate (7.2 kHz for 16 kHz output), ripple
 * below 0.001 dB; everything from half the lower rate up is down by 85 dB. Equal rates copy.
 *
 * Ratios with few phases (all rates of audio hardware: 44,100 → 16,000 is 160/441) use their exact filters; for
 * awkward ones (47,999 → 16,000) a table of 256 phases per period of the lower rate is blended linearly, which adds
 * errors below −105 dB.
 *
 * One thread, the one that made it. Sums in doubles, coefficients in singles. Allocates in the constructor only.
 */
export class Resampler {
  readonly inputRateHz: number;
  readonly outputRateHz: number;
  /**
   * How much later than the input a sound appears in the output, in output samples, fractional. Time stamps
   * subtract it: output sample n holds what was at n − delaySamples on the output's timeline.
   */
  readonly delaySamples: number;
  /** The same delay in input samples, whole: after so many zeros the last input has left the filter. */
  readonly delayInputSamples: number;

  readonly #kernel: ResamplerKernel | undefined; // undefined where the rates are equal
  /** One output every stepNumerator / stepDenominator input samples, in lowest terms. */
  readonly #stepNumerator: number;
  readonly #stepDenominator: number;
  /** The last tapCount − 1 samples of earlier input, then up to a block of new ones. */
  readonly #line: Float32Array;
  /** Next output's position: whole input samples from the first new one, and the fraction's numerator. */
  #position = 0;
  #phase = 0;

  /** Throws `RangeError` where a rate is not a whole number in range. */
  constructor(options: ResamplerOptions) {
    const {inputRateHz, outputRateHz} = options;
    checkRate('inputRateHz', inputRateHz);
    checkRate('outputRateHz', outputRateHz);
    this.inputRateHz = inputRateHz;
    this.outputRateHz = outputRateHz;
    const divisor = greatestCommonDivisor(inputRateHz, outputRateHz);
    this.#stepNumerator = inputRateHz / divisor;
    this.#stepDenominator = outputRateHz / divisor;
    const kernel =
      inputRateHz === outputRateHz
        ? undefined
        : createResamplerKernel(inputRateHz, outputRateHz, this.#stepDenominator);
    this.#kernel = kernel;
    this.#line = new Float32Array(kernel === undefined ? 0 : kernel.tapCount - 1 + BLOCK_SAMPLES);
    this.delayInputSamples = kernel?.halfLength ?? 0;
    this.delaySamples = (this.delayInputSamples * outputRateHz) / inputRateHz;
  }

  /** Gives a bound on how many samples {@link process} writes for so many input samples. */
  maxOutputLength(inputLength: number): number {
    return Math.ceil((inputLength * this.#stepDenominator) / this.#stepNumerator);
  }

  /**
   * Takes all of `input` and writes the output that it completes.
   * @param out [≥ maxOutputLength(input.length)], written from 0. Must not alias `input`.
   * @returns how many samples it wrote. Allocates nothing. Throws `RangeError` where `out` is too short.
   */
  process(input: Float32Array, out: Float32Array): number {
    if (out.length < this.maxOutputLength(input.length)) {
      throw new RangeError(
        `resampler output: got room for ${out.length} samples, ` +
          `expected at least ${this.maxOutputLength(input.length)}`,
      );
    }
    const kernel = this.#kernel;
    if (kernel === undefined) {
      out.set(input);
      return input.length;
    }
    const line = this.#line;
    const historyLength = kernel.tapCount - 1;
    let written = 0;
    for (let start = 0; start < input.length; start += BLOCK_SAMPLES) {
      const count = Math.min(BLOCK_SAMPLES, input.length - start);
      for (let index = 0; index < count; index++) line[historyLength + index] = input[start + index];
      written = kernel.isInterpolated
        ? this.#filterBlended(kernel, count, out, written)
        : this.#filterExact(kernel, count, out, written);
      line.copyWithin(0, count, count + historyLength);
    }
    return written;
  }

  /** Forgets all input: the next sample is the first of a new stream. */
  reset(): void {
    this.#line.fill(0);
    this.#position = 0;
    this.#phase = 0;
  }

  /** Writes the outputs that lie within the line's `count` new samples; gives the new end of the output. */
  #filterExact(kernel: ResamplerKernel, count: number, out: Float32Array, written: number): number {
    const {tapCount, taps} = kernel;
    const line = this.#line;
    const denominator = this.#stepDenominator;
    const wholeStep = Math.floor(this.#stepNumerator / denominator);
    const phaseStep = this.#stepNumerator % denominator;
    let position = this.#position;
    let phase = this.#phase;
    while (position < count) {
      const row = phase * tapCount;
      // four sums, because one would wait for each addition to finish
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      for (let tap = 0; tap < tapCount; tap += 4) {
        sum0 += taps[row + tap] * line[position + tap];
        sum1 += taps[row + tap + 1] * line[position + tap + 1];
        sum2 += taps[row + tap + 2] * line[position + tap + 2];
        sum3 += taps[row + tap + 3] * line[position + tap + 3];
      }
      out[written++] = sum0 + sum1 + (sum2 + sum3);
      position += wholeStep;
      phase += phaseStep;
      if (phase >= denominator) {
        phase -= denominator;
        position++;
      }
    }
    this.#position = position - count;
    this.#phase = phase;
    return written;
  }

  /** The same with the two rows around each output blended in proportion to their distance. */
  #filterBlended(kernel: ResamplerKernel, count: number, out: Float32Array, written: number): number {
    const {tapCount, taps, phaseCount} = kernel;
    const line = this.#line;
    const denominator = this.#stepDenominator;
    const wholeStep = Math.floor(this.#stepNumerator / denominator);
    const phaseStep = this.#stepNumerator % denominator;
    let position = this.#position;
    let phase = this.#phase;
    while (position < count) {
      const rowPosition = (phase * phaseCount) / denominator;
      const wholeRow = Math.floor(rowPosition);
      const lower = wholeRow * tapCount;
      const upper = lower + tapCount;
      let lowerEven = 0;
      let lowerOdd = 0;
      let upperEven = 0;
      let upperOdd = 0;
      for (let tap = 0; tap < tapCount; tap += 2) {
        const even = line[position + tap];
        const odd = line[position + tap + 1];
        lowerEven += taps[lower + tap] * even;
        lowerOdd += taps[lower + tap + 1] * odd;
        upperEven += taps[upper + tap] * even;
        upperOdd += taps[upper + tap + 1] * odd;
      }
      const below = lowerEven + lowerOdd;
      out[written++] = below + (rowPosition - wholeRow) * (upperEven + upperOdd - below);
      position += wholeStep;
      phase += phaseStep;
      if (phase >= denominator) {
        phase -= denominator;
        position++;
      }
    }
    this.#position = position - count;
    this.#phase = phase;
    return written;
  }
}

function checkRate(name: string, got: number): void {
  if (!Number.isInteger(got) || got < MIN_RATE_HZ || got > MAX_RATE_HZ) {
    throw new RangeError(`${name}: got ${got}, expected a whole number in ${MIN_RATE_HZ}…${MAX_RATE_HZ}`);
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
