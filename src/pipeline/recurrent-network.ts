import type {Model} from '../engine/engine.ts';
import type {Tensor, TensorData} from '../graph/graph.ts';
import type {TokenSet} from '../systems/card.ts';
import type {RecurrentSystem, TranscriptionFrontEnd} from '../systems/transcription-system.ts';
import type {AcousticNetwork, AcousticOutput} from './acoustic-network.ts';
import {createStates} from './create-states.ts';
import {logProbsInto} from './log-probs-into.ts';
import {openTensor} from './open-tensor.ts';

/**
 * A network that carries states from one chunk of an utterance to the next, and the rows that the next outputs still
 * need. What it gives is what one run over the whole utterance would give, but for the rounding of networks that choose
 * the steps of their integers by what they see. Memory does not grow with the utterance.
 * Worker or Node. One call at a time.
 */
export class RecurrentNetwork implements AcousticNetwork {
  readonly maxSamples = Infinity;
  readonly givesPreviews = false;
  readonly #system: RecurrentSystem;
  readonly #model: Model;
  readonly #tokens: TokenSet;
  readonly #frontEnd: TranscriptionFrontEnd;
  readonly #output: Tensor;
  readonly #rows: Float32Array; // [rows of a chunk × featureCount]
  readonly #states: readonly Float32Array[]; // in the order of the graph's inputs behind the first
  readonly #logProbs: Float32Array; // [stepOutputs × tokenCount]
  #rowCount = 0; // in `rows`
  #isFinished = false;

  /**
   * @param mode how features are made: see {@link RecurrentSystem.createFrontEnd}.
   * @param tokens of the model's output.
   * @throws ModelFormatError where the network's inputs or outputs do not fit the system.
   */
  constructor(
    system: RecurrentSystem,
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
    openTensor(model, 'input', featureCount);
    this.#output = openTensor(model, 'output', tokenCount);
    this.#states = createStates(model);
    this.#rows = new Float32Array(this.#rowsFor(stepOutputs) * featureCount);
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
    const {featureCount} = this.#frontEnd;
    const {stepOutputs, subsamplingFactor} = this.#system.recurrentPlan;
    this.#rowCount += this.#frontEnd.readRows(this.#rows.subarray(this.#rowCount * featureCount));
    const outputCount = this.#readyOutputs;
    if (outputCount < (this.#isFinished ? 1 : stepOutputs)) return undefined;
    const input = this.#rows.slice(0, this.#rowsFor(outputCount) * featureCount);
    const [output, ...states] = await this.#model.run([input, ...this.#states]);
    states.forEach((state, index) => this.#states[index]?.set(state));
    this.#rows.copyWithin(0, outputCount * subsamplingFactor * featureCount);
    this.#rowCount -= outputCount * subsamplingFactor;
    const logProbs = this.#logProbs.subarray(0, outputCount * this.#tokens.labels.length);
    logProbsInto(this.#system, this.#tokens, this.#output, output as TensorData, logProbs);
    return {logProbs, isAnew: false};
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
