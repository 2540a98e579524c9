import {softmaxInto} from '../decode/softmax.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import type {Tensor, TensorData} from '../graph/graph.ts';
import type {KeywordSystem} from '../systems/keyword-system.ts';
import type {PlacedModel, WindowPlace} from './incremental-model.ts';
import {onlyTensor} from './only-tensor.ts';
import {readOutput, writeInput} from './tensor-values.ts';

/**
 * One window of features in, posteriors out: quantises, runs the network and takes the softmax, at the
 * card's temperature, as the system asks.
 * Worker or Node. One `classify` at a time.
 * @throws ModelFormatError where the network's input or output does not fit the system.
 */
export class KeywordClassifier {
  readonly system: KeywordSystem;
  readonly model: PlacedModel;
  readonly #input: Tensor;
  readonly #output: Tensor;
  readonly #quantised: Int8Array | undefined; // where the network's input is int8
  readonly #logits: Float32Array; // [labelCount]

  constructor(system: KeywordSystem, model: PlacedModel) {
    this.system = system;
    this.model = model;
    this.#input = onlyTensor(model, 'input', system.frameCount * system.mfcc.coefficientCount);
    this.#output = onlyTensor(model, 'output', system.card.labels.length);
    if (this.#input.type === 'int8') {
      this.#quantised = new Int8Array(system.frameCount * system.mfcc.coefficientCount);
    }
    this.#logits = new Float32Array(system.card.labels.length);
  }

  /**
   * Classifies one window.
   * @param features [frameCount × coefficientCount], row-major, time-major.
   * @param posteriors [labelCount], overwritten; sums to about 1 (int8 posteriors: to within their step).
   * @param place where the window lies, where it is one of a stream: a model may then take over what it computed before.
   */
  async classify(features: Float32Array, posteriors: Float32Array, place?: WindowPlace): Promise<void> {
    const {output: kind, card} = this.system;
    const values = kind === 'logits' ? this.#logits : posteriors;
    await this.computeOutput(features, values, place);
    if (kind === 'logits') softmaxInto(values, card.temperature ?? 1, posteriors);
  }

  /**
   * Runs the network alone: what it gives for one window, logits or posteriors as the system says, dequantised.
   * @param features as for `classify`.
   * @param output [labelCount], overwritten.
   * @param place as for `classify`.
   */
  async computeOutput(features: Float32Array, output: Float32Array, place?: WindowPlace): Promise<void> {
    readOutput(this.#output, await this.#run(this.#quantise(features), place), output);
  }

  async #run(window: TensorData, place: WindowPlace | undefined): Promise<TensorData> {
    if (place && this.model.runAt) return await this.model.runAt(window, place);
    const [output] = await this.model.run([window]);
    if (!output) throw new ModelFormatError('no output', 'one output');
    return output;
  }

  #quantise(features: Float32Array): Float32Array | Int8Array {
    const quantisation = this.#input.quantisation;
    if (!this.#quantised || !quantisation) return features;
    writeInput(this.#input, features, this.#quantised);
    return this.#quantised;
  }
}
