import type {Model} from '../engine/engine.ts';
import type {KeywordSystem} from '../systems/keyword-system.ts';
import {KeywordClassifier} from './keyword-classifier.ts';

/**
 * A model that can be measured: the network alone on windows that it holds, quantised and dequantised as while
 * listening. Worker or Node. One run at a time.
 * @throws ModelFormatError where the model does not fit the system.
 */
export class ProbedModel {
  readonly model: Model;
  readonly #classifier: KeywordClassifier;
  readonly #windows: readonly Float32Array[];

  /** @param windows as `createProbeWindows` makes them. */
  constructor(system: KeywordSystem, model: Model, windows: readonly Float32Array[]) {
    this.model = model;
    this.#classifier = new KeywordClassifier(system, model);
    this.#windows = windows;
  }

  /** Threads that run it. */
  get threadCount(): number {
    return this.model.threadCount;
  }

  /**
   * What the network gives for one of the windows: [labelCount], freshly allocated.
   * @throws RangeError where there is no such window; Error where the model had to fall back to another engine.
   */
  async run(windowIndex: number): Promise<Float32Array> {
    const window = this.#windows[windowIndex];
    if (!window) throw new RangeError(`got window ${windowIndex}, expected 0…${this.#windows.length - 1}`);
    const output = new Float32Array(this.#classifier.system.card.labels.length);
    await this.#classifier.computeOutput(window, output);
    // another engine gave this: what it takes says nothing of the one to be measured
    if (this.model.fallbackReason !== undefined) throw new Error(this.model.fallbackReason);
    return output;
  }

  /** Gives back the model's memory. Idempotent. */
  dispose(): void {
    this.model.dispose();
  }
}
