import type {Model} from '../engine/engine.ts';
import type {Tensor, TensorData} from '../graph/graph.ts';
import type {TokenSet} from '../systems/card.ts';
import type {ChunkedSystem, RecurrentSystem, TranscriptionFrontEnd} from '../systems/transcription-system.ts';
import type {AcousticNetwork, AcousticOutput} from './acoustic-network.ts';
import {createStates} from './create-states.ts';
import {logProbsInto} from './log-probs-into.ts';
import {rowTensor} from './row-tensor.ts';

/**
 * A network that carries states from one chunk of an utterance to the next, and the rows that the next outputs still
 * need. Outputs of a network that is late stand where the sound was that they tell of; before those are there, runs give
 * none. What it gives is what one run over the whole utterance would give, but for the rounding of networks that choose
 * the steps of their integers by what they see. Memory does not grow with the utterance.
 * Worker or Node. One call at a time.
 */
export class RecurrentNetwork implements AcousticNetwork {
  readonly maxSamples = Infinity;
  readonly givesPreviews = false;
  readonly #system: RecurrentSystem | ChunkedSystem;
  readonly #model: Model;
  readonly #tokens: TokenSet;
  readonly #frontEnd: TranscriptionFrontEnd;
  readonly #output: Tensor;
  readonly #rows: Float32Array; // [rows of a chunk × featureCount]
  readonly #states: readonly Float32Array[]; // in the order of the graph's inputs behind the first
  readonly #inputs: Float32Array[]; // of the network: rows, and the states
  readonly #logProbs: Float32Array; // [stepOutputs × tokenCount]
  #rowCount = 0; // in `rows`
  #zeroRowCount = 0; // behind the utterance, so far
  #outputCount = 0; // of the utterance so far, with those before its first
  #isFinished = false;

  /**
   * @param mode how features are made: see {@link ChunkedSystem.createFrontEnd}.
   * @param tokens of the model's output.
   * @throws ModelFormatError where the network's inputs or outputs do not fit the system.
   */
  constructor(
    system: RecurrentSystem | ChunkedSystem,
    model: Model,
    mode: 'utterance' | 'streaming',
    tokens: TokenSet = system.card,
  ) {
    this.#system = system;
    this.#model = model;
    this.#tokens = tokens;
    this.#frontEnd = system.createFrontEnd(mode);
    const {featureCount} = this.#frontEnd;
    const {stepOutputs} = system.recurrentPlan;
    const tokenCount = tokens.labels.length;
    const rowCount = this.#rowsFor(stepOutputs);
    const isChunked = system.kind === 'chunked';
    rowTensor(model, 'input', {rowLength: featureCount, rowCount: isChunked ? rowCount : 'any'});
    const outputRows = {rowLength: tokenCount, rowCount: isChunked ? stepOutputs : 'any'} as const;
    this.#output = rowTensor(model, 'output', outputRows);
    this.#states = createStates(model);
    this.#rows = new Float32Array(rowCount * featureCount);
    this.#inputs = [this.#rows, ...this.#states];
    this.#logProbs = new Float32Array(stepOutputs * tokenCount);
  }

  get frameSamples(): number {
    return this.#frontEnd.hopLength * this.#system.recurrentPlan.subsamplingFactor;
  }

  get stepSamples(): number {
    return this.frameSamples * this.#system.recurrentPlan.stepOutputs;
  }

  begin(): void {
    this.#frontEnd.reset();
    for (const state of this.#states) state.fill(0);
    this.#rowCount = 0;
    this.#zeroRowCount = 0;
    this.#outputCount = 0;
    this.#isFinished = false;
  }

  push(samples: Float32Array): void {
    this.#frontEnd.push(samples);
  }

  finish(): void {
    this.#frontEnd.finish();
    this.#isFinished = true;
  }

  async nextLogProbs(): Promise<AcousticOutput | undefined> {
    const {stepOutputs, subsamplingFactor, delayOutputs = 0} = this.#system.recurrentPlan;
    this.#readRows();
    const outputCount = this.#readyOutputs;
    if (outputCount < (this.#isFinished ? 1 : stepOutputs)) return undefined;
    const logProbs = await this.#run(this.#system.kind === 'chunked' ? stepOutputs : outputCount);
    this.#rows.copyWithin(0, outputCount * subsamplingFactor * this.#frontEnd.featureCount);
    this.#rowCount -= outputCount * subsamplingFactor;
    const outputsBefore = Math.min(outputCount, Math.max(0, delayOutputs - this.#outputCount));
    this.#outputCount += outputCount;
    const tokenCount = this.#tokens.labels.length;
    return {logProbs: piece(logProbs, outputsBefore * tokenCount, outputCount * tokenCount), isAnew: false};
  }

  /** Rows that are ready, as many as fit; behind the last of the utterance zeros. */
  #readRows(): void {
    const {featureCount} = this.#frontEnd;
    this.#rowCount += this.#frontEnd.readRows(this.#rows.subarray(this.#rowCount * featureCount));
    if (!this.#isFinished) return;
    const {subsamplingFactor, delayOutputs = 0} = this.#system.recurrentPlan;
    const missingCount = delayOutputs * subsamplingFactor - this.#zeroRowCount;
    const zeroRowCount = Math.min(missingCount, this.#rows.length / featureCount - this.#rowCount);
    this.#rows.fill(0, this.#rowCount * featureCount);
    this.#rowCount += zeroRowCount;
    this.#zeroRowCount += zeroRowCount;
  }

  /** Runs the first rows, and gives what they are log-probabilities of, reused by the next call. */
  async #run(outputCount: number): Promise<Float32Array> {
    this.#inputs[0] = piece(this.#rows, 0, this.#rowsFor(outputCount) * this.#frontEnd.featureCount);
    const outputs = await this.#model.run(this.#inputs);
    const logProbs = piece(this.#logProbs, 0, outputCount * this.#tokens.labels.length);
    logProbsInto(this.#system, this.#tokens, this.#output, outputs[0] as TensorData, logProbs);
    for (let index = 0; index < this.#states.length; index++) {
      this.#states[index]?.set(outputs[index + 1] as TensorData);
    }
    return logProbs;
  }

  /** Outputs that the rows at hand are enough for. */
  get #readyOutputs(): number {
    const {receptiveFrames, subsamplingFactor} = this.#system.recurrentPlan;
    return Math.max(0, Math.floor((this.#rowCount - receptiveFrames) / subsamplingFactor) + 1);
  }

  #rowsFor(outputCount: number): number {
    const {receptiveFrames, subsamplingFactor} = this.#system.recurrentPlan;
    return (outputCount - 1) * subsamplingFactor + receptiveFrames;
  }
}

/** The values from `start` to `end`: themselves where that is all of them, as it is while an utterance lasts. */
function piece(values: Float32Array, start: number, end: number): Float32Array {
  return start === 0 && end === values.length ? values : values.subarray(start, end);
}
