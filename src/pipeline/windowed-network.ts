import type {Model} from '../engine/engine.ts';
import type {Tensor, TensorData} from '../graph/graph.ts';
import type {TokenSet} from '../systems/card.ts';
import type {TranscriptionFrontEnd, WindowedSystem} from '../systems/transcription-system.ts';
import type {AcousticNetwork, AcousticOutput} from './acoustic-network.ts';
import {logProbsInto} from './log-probs-into.ts';
import {onlyTensor} from './only-tensor.ts';
import {padRows} from './pad-rows.ts';
import {writeInput} from './tensor-values.ts';
import {plannedWindow, planWindows, type PlannedWindow} from './plan-windows.ts';

/**
 * A network that sees a fixed number of rows, slid over those of an utterance as the system's plan says. Each window is
 * run as soon as it is complete, so memory does not grow with the utterance.
 * Worker or Node. One call at a time.
 */
export class WindowedNetwork implements AcousticNetwork {
  readonly maxSamples = Infinity;
  readonly givesPreviews = false;
  readonly #system: WindowedSystem;
  readonly #model: Model;
  readonly #tokens: TokenSet;
  readonly #frontEnd: TranscriptionFrontEnd;
  readonly #input: Tensor;
  readonly #output: Tensor;
  readonly #newRow: Float32Array; // [featureCount]
  readonly #rows: Int8Array | Float32Array; // [capacity × featureCount] as the network reads them
  readonly #logProbs: Float32Array; // [window's outputs × tokenCount]
  readonly #leadRows: number; // rows of zeros before the utterance
  #firstRow = 0; // of `rows`, counted from the first row of zeros
  #rowCount = 0; // so far, those of zeros included
  #windowIndex = 0;
  #isFinished = false;
  #isDone = false; // the last window has been run

  /**
   * @param mode how features are made: see {@link WindowedSystem.createFrontEnd}.
   * @param tokens of the model's output.
   * @throws ModelFormatError where the network's input or output does not fit the system.
   */
  constructor(
    system: WindowedSystem,
    model: Model,
    mode: 'utterance' | 'streaming',
    tokens: TokenSet = system.card,
  ) {
    this.#system = system;
    this.#model = model;
    this.#tokens = tokens;
    this.#frontEnd = system.createFrontEnd(mode);
    const {windowFrames, leftContextFrames, rightContextFrames, subsamplingFactor} = system.windowPlan;
    const {featureCount} = this.#frontEnd;
    const outputCount = (windowFrames / subsamplingFactor) * tokens.labels.length;
    this.#input = onlyTensor(model, 'input', windowFrames * featureCount);
    this.#output = onlyTensor(model, 'output', outputCount);
    // the last window begins anywhere between the two before it
    const stepFrames = windowFrames - leftContextFrames - rightContextFrames;
    const capacity = (windowFrames + stepFrames + subsamplingFactor) * featureCount;
    this.#rows = this.#input.type === 'int8' ? new Int8Array(capacity) : new Float32Array(capacity);
    this.#newRow = new Float32Array(featureCount);
    this.#leadRows = system.windowPlan.leadIn === 'zeros' ? leftContextFrames : 0;
    this.begin();
    this.#logProbs = new Float32Array(outputCount);
  }

  get frameSamples(): number {
    return this.#frontEnd.hopLength * this.#system.windowPlan.subsamplingFactor;
  }

  get stepSamples(): number {
    const {windowFrames, leftContextFrames, rightContextFrames} = this.#system.windowPlan;
    return (windowFrames - leftContextFrames - rightContextFrames) * this.#frontEnd.hopLength;
  }

  begin(): void {
    this.#frontEnd.reset();
    this.#firstRow = 0;
    this.#newRow.fill(0);
    for (let row = 0; row < this.#leadRows; row++) this.#store(row * this.#newRow.length);
    this.#rowCount = this.#leadRows;
    this.#windowIndex = 0;
    this.#isFinished = false;
    this.#isDone = false;
  }

  push(samples: Float32Array): void {
    this.#frontEnd.push(samples);
  }

  finish(): void {
    this.#frontEnd.finish();
    this.#isFinished = true;
  }

  async nextLogProbs(): Promise<AcousticOutput | undefined> {
    const window = this.#nextWindow();
    if (!window) return undefined;
    const {windowPlan} = this.#system;
    const {featureCount} = this.#frontEnd;
    const first = (window.firstFrame - this.#firstRow) * featureCount;
    const input = this.#rows.slice(first, first + windowPlan.windowFrames * featureCount);
    const [output] = await this.#model.run([input]);
    logProbsInto(this.#system, this.#tokens, this.#output, output as TensorData, this.#logProbs);
    const tokenCount = this.#tokens.labels.length;
    const logProbs = this.#logProbs.subarray(window.firstOutput * tokenCount, window.endOutput * tokenCount);
    return {logProbs, isAnew: false};
  }

  #nextWindow(): PlannedWindow | undefined {
    if (this.#isDone) return undefined;
    const {windowPlan} = this.#system;
    const window = plannedWindow(windowPlan, this.#windowIndex);
    // one row more than the window holds shows that it is not the last
    if (this.#readRowsUntil(window.firstFrame + windowPlan.windowFrames + 1)) {
      const isFirst = this.#windowIndex++ === 0;
      return isFirst ? {...window, firstOutput: this.#leadOutputs} : window;
    }
    return this.#isFinished ? this.#lastWindow() : undefined;
  }

  #lastWindow(): PlannedWindow | undefined {
    this.#isDone = true;
    if (this.#rowCount === this.#leadRows) return undefined;
    const {windowPlan} = this.#system;
    const {windows, outputCount} = planWindows(windowPlan, this.#rowCount);
    const heldRows = this.#rowCount - this.#firstRow;
    padRows(this.#rows, heldRows, windowPlan, this.#frontEnd.featureCount);
    const window = windows.at(-1);
    if (!window) return undefined;
    // the plan runs a first window too where the utterance fills no more than one: the same rows twice
    const firstOutput = this.#windowIndex === 0 ? this.#leadOutputs : window.firstOutput;
    const outputsBefore = window.firstFrame / windowPlan.subsamplingFactor;
    const endOutput = Math.min(window.endOutput, outputCount - outputsBefore);
    return endOutput > firstOutput ? {...window, firstOutput, endOutput} : undefined;
  }

  /** Outputs of the first window that are before the utterance. */
  get #leadOutputs(): number {
    return this.#leadRows / this.#system.windowPlan.subsamplingFactor;
  }

  /** Reads rows until the utterance has so many; false where the front end has fewer. Forgets those behind. */
  #readRowsUntil(count: number): boolean {
    const {featureCount} = this.#frontEnd;
    this.#forgetRows();
    while (this.#rowCount < count) {
      if (this.#frontEnd.readRows(this.#newRow) === 0) return false;
      this.#store((this.#rowCount - this.#firstRow) * featureCount);
      this.#rowCount++;
    }
    return true;
  }

  /** The last window may reach back to where the one before the next begins. */
  #forgetRows(): void {
    const {firstFrame} = plannedWindow(this.#system.windowPlan, Math.max(0, this.#windowIndex - 1));
    this.#rows.copyWithin(0, (firstFrame - this.#firstRow) * this.#frontEnd.featureCount);
    this.#firstRow = firstFrame;
  }

  #store(offset: number): void {
    writeInput(this.#input, this.#newRow, this.#rows.subarray(offset));
  }
}
