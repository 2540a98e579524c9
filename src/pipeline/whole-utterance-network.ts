import type {Model} from '../engine/engine.ts';
import type {Tensor, TensorData} from '../graph/graph.ts';
import type {TokenSet} from '../systems/card.ts';
import type {
  TranscriptionFrontEnd,
  WholeUtterancePlan,
  WholeUtteranceSystem,
} from '../systems/transcription-system.ts';
import type {AcousticNetwork, AcousticOutput} from './acoustic-network.ts';
import {logProbsInto} from './log-probs-into.ts';
import {rowTensor} from './row-tensor.ts';
import {readAllRows} from './read-all-rows.ts';

/**
 * A network that must see an utterance as a whole: it runs at its end, over all of it. While the utterance lasts, there
 * are previews where they are wanted: windows that overlap, each with features of its own as if it were an utterance,
 * of which what lies between the contexts is given, one after the other without gap. A preview says something else than
 * the whole utterance where the network looks further than the contexts, or the features depend on all of it.
 * Worker or Node. One call at a time. Holds the samples of the longest utterance.
 */
export class WholeUtteranceNetwork implements AcousticNetwork {
  readonly givesPreviews: boolean;
  readonly #system: WholeUtteranceSystem;
  readonly #model: Model;
  readonly #tokens: TokenSet;
  readonly #frontEnd: TranscriptionFrontEnd;
  readonly #output: Tensor;
  readonly #samples: Float32Array; // [maxSamples]
  #sampleCount = 0;
  #previewCount = 0;
  #isFinished = false;
  #isDone = false;

  /**
   * @param mode `utterance`: the whole utterance and nothing else. `streaming`: with previews.
   * @param tokens of the model's output.
   * @throws ModelFormatError where the network's input or output does not fit the system, RangeError where its plan
   * leaves nothing of a preview.
   */
  constructor(
    system: WholeUtteranceSystem,
    model: Model,
    mode: 'utterance' | 'streaming',
    tokens: TokenSet = system.card,
  ) {
    checkPlan(system.wholeUtterancePlan);
    this.givesPreviews = mode === 'streaming';
    this.#system = system;
    this.#model = model;
    this.#tokens = tokens;
    this.#frontEnd = system.createFrontEnd('utterance');
    rowTensor(model, 'input', {rowLength: this.#frontEnd.featureCount, rowCount: 'any'});
    this.#output = rowTensor(model, 'output', {rowLength: tokens.labels.length, rowCount: 'any'});
    this.#samples = new Float32Array(this.maxSamples);
  }

  get frameSamples(): number {
    return this.#frontEnd.hopLength * this.#system.wholeUtterancePlan.subsamplingFactor;
  }

  get stepSamples(): number {
    const {windowFrames, contextFrames} = this.#system.wholeUtterancePlan.partial;
    return (windowFrames - 2 * contextFrames) * this.#frontEnd.hopLength;
  }

  get maxSamples(): number {
    return this.#system.wholeUtterancePlan.maxFrames * this.#frontEnd.hopLength;
  }

  begin(): void {
    this.#sampleCount = 0;
    this.#previewCount = 0;
    this.#isFinished = false;
    this.#isDone = false;
  }

  push(samples: Float32Array): void {
    const sampleCount = this.#sampleCount + samples.length;
    if (sampleCount > this.maxSamples) {
      const seconds = (count: number): string => (count / this.#system.sampleRateHz).toFixed(1);
      throw new RangeError(
        `got an utterance of ${seconds(sampleCount)} s or more, expected at most ${seconds(this.maxSamples)} s: ` +
          `${this.#system.card.id} runs utterances whole`,
      );
    }
    this.#samples.set(samples, this.#sampleCount);
    this.#sampleCount = sampleCount;
  }

  finish(): void {
    this.#isFinished = true;
  }

  async nextLogProbs(): Promise<AcousticOutput | undefined> {
    if (this.#isDone) return undefined;
    if (!this.#isFinished) return this.givesPreviews ? await this.#preview() : undefined;
    this.#isDone = true;
    const logProbs = await this.#run(0, this.#sampleCount);
    return logProbs && {logProbs, isAnew: true};
  }

  /** The next window, once the utterance has filled it. */
  async #preview(): Promise<AcousticOutput | undefined> {
    const {partial, subsamplingFactor} = this.#system.wholeUtterancePlan;
    const firstSample = this.#previewCount * this.stepSamples;
    const endSample = firstSample + partial.windowFrames * this.#frontEnd.hopLength;
    if (this.#sampleCount < endSample) return undefined;
    const isFirst = this.#previewCount++ === 0;
    const logProbs = await this.#run(firstSample, endSample);
    const tokenCount = this.#tokens.labels.length;
    const firstOutput = isFirst ? 0 : partial.contextFrames / subsamplingFactor;
    const endOutput = (partial.windowFrames - partial.contextFrames) / subsamplingFactor;
    return (
      logProbs && {
        logProbs: logProbs.subarray(firstOutput * tokenCount, endOutput * tokenCount),
        isAnew: false,
      }
    );
  }

  /** Runs the network over a piece of the utterance, or all; undefined where it is too short for an output. */
  async #run(firstSample: number, endSample: number): Promise<Float32Array | undefined> {
    const {receptiveFrames, subsamplingFactor} = this.#system.wholeUtterancePlan;
    const rows = this.#computeRows(this.#samples.subarray(firstSample, endSample));
    const rowCount = rows.length / this.#frontEnd.featureCount;
    if (rowCount < receptiveFrames) return undefined;
    const outputCount = Math.floor((rowCount - receptiveFrames) / subsamplingFactor) + 1;
    const [output] = await this.#model.run([rows]);
    const logProbs = new Float32Array(outputCount * this.#tokens.labels.length);
    logProbsInto(this.#system, this.#tokens, this.#output, output as TensorData, logProbs);
    return logProbs;
  }

  /** [rowCount × featureCount], of samples that are an utterance to the front end. */
  #computeRows(samples: Float32Array): Float32Array {
    const frontEnd = this.#frontEnd;
    frontEnd.reset();
    frontEnd.push(samples);
    frontEnd.finish();
    return readAllRows(frontEnd, samples.length / frontEnd.hopLength);
  }
}

/** A preview's kept outputs must be there: none depends on rows behind its window. */
function checkPlan({receptiveFrames, subsamplingFactor, partial}: WholeUtterancePlan): void {
  const {windowFrames, contextFrames} = partial;
  const areMultiples = [windowFrames, contextFrames].every((frames) => frames % subsamplingFactor === 0);
  const reach = receptiveFrames - subsamplingFactor; // rows that the last output needs behind its own
  if (areMultiples && contextFrames >= reach && windowFrames > 2 * contextFrames) return;
  throw new RangeError(
    `partial: got a window of ${String(windowFrames)} frames with ${String(contextFrames)} of context, expected ` +
      `multiples of ${String(subsamplingFactor)} that leave some, and a context of at least ${String(reach)}`,
  );
}
