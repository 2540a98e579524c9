import type {StoredTensor} from '../../formats/checkpoint/checkpoint.ts';
import type {Graph} from '../../graph/graph.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {ANY_LENGTH} from '../../graph/shape.ts';
import {GraphBuilder, type LoadedConstant} from '../graph-builder.ts';
import {card} from './card.ts';
import {CONVOLUTIONS, HEAD_SIZE, NAMES, POSITIONS, type Wav2Vec2Weights} from './layout.ts';
import {joinWeightNorm} from './weight-norm.ts';

/** Added to variances, as the network was trained with. */
const EPSILON = 1e-5;

/**
 * The network as a graph whose constants are read when it is written: standardised samples [1, any] → logits
 * [1, any, 32], one for every 320 samples. Any thread.
 */
export function buildWav2Vec2(network: Wav2Vec2Weights): Graph {
  return new Wav2Vec2Builder(network).build();
}

class Wav2Vec2Builder {
  readonly #network: Wav2Vec2Weights;
  readonly #builder = new GraphBuilder(card.id);

  constructor(network: Wav2Vec2Weights) {
    this.#network = network;
  }

  build(): Graph {
    const {layerCount} = this.#network.sizes;
    const builder = this.#builder;
    const features = this.#convolutions(builder.input('samples', [1, ANY_LENGTH]));
    const normalised = this.#layerNorm(NAMES.featureNorm, features);
    let steps = this.#positions(this.#dense(NAMES.projection, normalised));
    for (let index = 0; index < layerCount; index++) steps = this.#layer(NAMES.layer(index), steps);
    const scores = this.#dense(NAMES.classifier, steps);
    return builder.finish([this.#reshape('logits', scores, [1, ANY_LENGTH, card.labels.length])]);
  }

  /** Samples → [any, channels]: seven convolutions, of which the first one's channels are standardised over time. */
  #convolutions(samples: string): string {
    const builder = this.#builder;
    let current = this.#reshape('samples.plane', samples, [1, 1, 1, ANY_LENGTH]);
    CONVOLUTIONS.forEach(({kernel, stride}, index) => {
      const name = NAMES.convolution(index);
      const stored = this.#stored(name);
      const [outputs = 0, inputs = 0] = stored.shape;
      const shape = [outputs, inputs, 1, kernel];
      const weight = builder.constant(name, {shape, load: () => stored.read()});
      current = builder.node('Conv', [current, weight], `conv${index}`, {
        strides: [1, stride],
        pads: [0, 0, 0, 0],
        dilations: [1, 1],
        group: 1,
      });
      if (index === 0) current = this.#firstNorm(current);
      current = builder.node('Gelu', [current], `conv${index}.gelu`, {});
    });
    const flat = this.#reshape('conv.flat', current, [this.#network.sizes.channels.at(-1) ?? 0, ANY_LENGTH]);
    return builder.node('Transpose', [flat], 'features', {permutation: [1, 0]});
  }

  /** Group normalisation with a group for each channel. */
  #firstNorm(current: string): string {
    const inputs = [current, ...this.#pair(NAMES.firstNorm)];
    return this.#builder.node('InstanceNormalization', inputs, 'conv0.norm', {epsilon: EPSILON});
  }

  /** Steps [any, hidden] with what the convolution over 128 of them says of their places, standardised. */
  #positions(steps: string): string {
    const {hidden} = this.#network.sizes;
    const {kernel, groups} = POSITIONS;
    const builder = this.#builder;
    const columns = builder.node('Transpose', [steps], 'positions.columns', {permutation: [1, 0]});
    const plane = this.#reshape('positions.plane', columns, [1, hidden, 1, ANY_LENGTH]);
    const weight = builder.constant(`${NAMES.positions}.weight`, this.#positionWeights());
    const bias = this.#constant(`${NAMES.positions}.bias`);
    // the kernel is even: the trained network pads 64 on both sides and drops the last output
    const pads = [0, kernel / 2, 0, kernel / 2 - 1] as const;
    const attributes = {strides: [1, 1], pads, dilations: [1, 1], group: groups} as const;
    const convolved = builder.node('Conv', [plane, weight, bias], 'positions.conv', attributes);
    const active = builder.node('Gelu', [convolved], 'positions.gelu', {});
    const flat = this.#reshape('positions.flat', active, [hidden, ANY_LENGTH]);
    const rows = builder.node('Transpose', [flat], 'positions', {permutation: [1, 0]});
    const sum = builder.node('Add', [steps, rows], 'positions.sum', {});
    return this.#layerNorm(NAMES.encoderNorm, sum);
  }

  #positionWeights(): LoadedConstant {
    const {sizes, positions} = this.#network;
    const [magnitude, direction] = [this.#stored(positions.magnitude), this.#stored(positions.direction)];
    return {
      shape: [sizes.hidden, sizes.hidden / POSITIONS.groups, 1, POSITIONS.kernel],
      load: async () => joinWeightNorm(await direction.read(), await magnitude.read()),
    };
  }

  /** A layer of the transformer; normalisation follows each of its two sums. */
  #layer(name: string, steps: string): string {
    const builder = this.#builder;
    const attended = builder.node(
      'Add',
      [steps, this.#attention(`${name}.attention`, steps)],
      `${name}.attended`,
      {},
    );
    const between = this.#layerNorm(`${name}.layer_norm`, attended);
    const inner = this.#dense(`${name}.feed_forward.intermediate_dense`, between);
    const active = builder.node('Gelu', [inner], `${name}.gelu`, {});
    const outer = this.#dense(`${name}.feed_forward.output_dense`, active);
    const sum = builder.node('Add', [between, outer], `${name}.sum`, {});
    return this.#layerNorm(`${name}.final_layer_norm`, sum);
  }

  /** Heads of {@link HEAD_SIZE} values, each a mean of all steps' values weighted by how their keys fit its query. */
  #attention(name: string, steps: string): string {
    const builder = this.#builder;
    // softmax(q·kᵀ / √64): the divisor is part of the query's weights, where a power of two costs no precision
    const query = this.#heads(`${name}.q_proj`, steps, [1, 0, 2], 1 / Math.sqrt(HEAD_SIZE));
    const key = this.#heads(`${name}.k_proj`, steps, [1, 2, 0]);
    const value = this.#heads(`${name}.v_proj`, steps, [1, 0, 2]);
    const fits = builder.node('MatMul', [query, key], `${name}.fits`, {});
    const shares = builder.node('Softmax', [fits], `${name}.shares`, {axis: 2, beta: 1});
    const means = builder.node('MatMul', [shares, value], `${name}.means`, {});
    const together = builder.node('Transpose', [means], `${name}.together`, {permutation: [1, 0, 2]});
    const rows = this.#reshape(`${name}.rows`, together, [ANY_LENGTH, this.#network.sizes.hidden]);
    return this.#dense(`${name}.out_proj`, rows);
  }

  /** A dense layer's output [any, hidden] as [any, heads, 64], its dimensions permuted. */
  #heads(name: string, steps: string, permutation: readonly number[], scale = 1): string {
    const rows = this.#dense(name, steps, scale);
    const headCount = this.#network.sizes.hidden / HEAD_SIZE;
    const heads = this.#reshape(`${name}.rows`, rows, [ANY_LENGTH, headCount, HEAD_SIZE]);
    return this.#builder.node('Transpose', [heads], `${name}.heads`, {permutation});
  }

  /** x·wᵀ + b with a layer's weights, both times `scale`. */
  #dense(name: string, input: string, scale = 1): string {
    return this.#builder.node('Gemm', [input, ...this.#pair(name, scale)], name, {});
  }

  #layerNorm(name: string, input: string): string {
    const inputs = [input, ...this.#pair(name)];
    return this.#builder.node('LayerNormalization', inputs, name, {axis: 1, epsilon: EPSILON});
  }

  #reshape(name: string, input: string, shape: readonly number[]): string {
    return this.#builder.node('Reshape', [input], name, {shape});
  }

  /** Weight and bias of a layer. */
  #pair(name: string, scale = 1): readonly [string, string] {
    return [this.#constant(`${name}.weight`, scale), this.#constant(`${name}.bias`, scale)];
  }

  #constant(name: string, scale = 1): string {
    const stored = this.#stored(name);
    const scaled = async (): Promise<Float32Array> => (await stored.read()).map((value) => value * scale);
    return this.#builder.constant(name, {
      shape: stored.shape,
      load: scale === 1 ? () => stored.read() : scaled,
    });
  }

  #stored(name: string): StoredTensor {
    const stored = this.#network.weights.get(name);
    if (stored) return stored;
    throw new ModelFormatError(`no "${name}"`, 'a tensor of the checkpoint');
  }
}
