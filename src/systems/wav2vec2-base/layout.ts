import type {Checkpoint} from '../../formats/checkpoint/checkpoint.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {formatShape} from '../../graph/shape.ts';
import {requireStored, type StoredWeights} from '../checkpoint-weights.ts';
import {card} from './card.ts';
import {refuseRelatives} from './refuse-relatives.ts';

/** The convolutions over samples: kernel and stride. Together they see 400 samples, and step by 320. */
export const CONVOLUTIONS = [
  {kernel: 10, stride: 5},
  {kernel: 3, stride: 2},
  {kernel: 3, stride: 2},
  {kernel: 3, stride: 2},
  {kernel: 3, stride: 2},
  {kernel: 2, stride: 2},
  {kernel: 2, stride: 2},
] as const;

/** Values of an attention head: a transformer of n values has n / 64 heads. The checkpoint does not say. */
export const HEAD_SIZE = 64;

/** The convolution that tells the transformer of places. */
export const POSITIONS = {kernel: 128, groups: 16} as const;

/** Names of the parts of a state dictionary (reference/frontends.md, section 10). */
export const NAMES = {
  convolution: (index: number) => `wav2vec2.feature_extractor.conv_layers.${index}.conv.weight`,
  firstNorm: 'wav2vec2.feature_extractor.conv_layers.0.layer_norm',
  featureNorm: 'wav2vec2.feature_projection.layer_norm',
  projection: 'wav2vec2.feature_projection.projection',
  positions: 'wav2vec2.encoder.pos_conv_embed.conv',
  encoderNorm: 'wav2vec2.encoder.layer_norm',
  layer: (index: number) => `wav2vec2.encoder.layers.${index}`,
  attention: ['q_proj', 'k_proj', 'v_proj', 'out_proj'],
  classifier: 'lm_head',
} as const;

/** Both ways in which PyTorch stores a weight as magnitude and direction: names behind that of the convolution. */
const WEIGHT_NORMS = [
  {magnitude: 'weight_g', direction: 'weight_v'},
  {magnitude: 'parametrizations.weight.original0', direction: 'parametrizations.weight.original1'},
] as const;

/** In files as published, but of no use for recognition: what masked frames are replaced by in training. */
const UNUSED = 'wav2vec2.masked_spec_embed';

/** A checkpoint that was found to be a network of the base layout, and its sizes. */
export interface Wav2Vec2Weights {
  readonly weights: StoredWeights;
  readonly sizes: Wav2Vec2Sizes;
  /** Names of the two tensors that the weights of the positional convolution are made of. */
  readonly positions: {readonly magnitude: string; readonly direction: string};
}

/** What may differ between networks of the base layout. */
export interface Wav2Vec2Sizes {
  /** Channels that each convolution makes: 512 each in the published network. */
  readonly channels: readonly number[];
  /** Values of a step in the transformer: 768. A multiple of {@link HEAD_SIZE}. */
  readonly hidden: number;
  /** Layers of the transformer: 12. */
  readonly layerCount: number;
  /** Values between a layer's two dense ones: 3072. */
  readonly inner: number;
}

/**
 * Names and shapes of the state dictionary of such a network.
 * @param norm which way the positional convolution's weights are stored in: 0 as published, 1 as PyTorch 2 has it.
 */
export function wav2vec2Shapes(
  {channels, hidden, layerCount, inner}: Wav2Vec2Sizes,
  norm: 0 | 1 = 0,
): Readonly<Record<string, readonly number[]>> {
  const shapes: Record<string, readonly number[]> = {};
  const addPair = (name: string, outputs: number, inputs: readonly number[] = []): void => {
    shapes[`${name}.weight`] = [outputs, ...inputs];
    shapes[`${name}.bias`] = [outputs];
  };
  CONVOLUTIONS.forEach(({kernel}, index) => {
    shapes[NAMES.convolution(index)] = [channels[index] ?? NaN, channels[index - 1] ?? 1, kernel];
  });
  addPair(NAMES.firstNorm, channels[0] ?? NaN);
  const features = channels.at(-1) ?? NaN;
  addPair(NAMES.featureNorm, features);
  addPair(NAMES.projection, hidden, [features]);
  const {kernel, groups} = POSITIONS;
  shapes[`${NAMES.positions}.${WEIGHT_NORMS[norm].magnitude}`] = [1, 1, kernel];
  shapes[`${NAMES.positions}.${WEIGHT_NORMS[norm].direction}`] = [hidden, hidden / groups, kernel];
  shapes[`${NAMES.positions}.bias`] = [hidden];
  addPair(NAMES.encoderNorm, hidden);
  for (let index = 0; index < layerCount; index++) {
    const layer = NAMES.layer(index);
    for (const part of NAMES.attention) addPair(`${layer}.attention.${part}`, hidden, [hidden]);
    addPair(`${layer}.layer_norm`, hidden);
    addPair(`${layer}.feed_forward.intermediate_dense`, inner, [hidden]);
    addPair(`${layer}.feed_forward.output_dense`, hidden, [inner]);
    addPair(`${layer}.final_layer_norm`, hidden);
  }
  addPair(NAMES.classifier, card.labels.length, [hidden]);
  return shapes;
}

/**
 * Checks that a checkpoint is a network of the base layout, of any widths and number of layers, and nothing else.
 * @throws ModelFormatError with got and expected for the first thing that does not fit; relatives (large networks with
 * other normalisation, networks without a classifier) by what makes them different.
 */
export function readWav2Vec2({tensors}: Checkpoint): Wav2Vec2Weights {
  refuseRelatives(tensors);
  const sizes = sizesOf(tensors);
  const norm = tensors.has(`${NAMES.positions}.${WEIGHT_NORMS[1].direction}`) ? 1 : 0;
  const shapes = wav2vec2Shapes(sizes, norm);
  for (const [name, shape] of Object.entries(shapes)) requireStored(tensors, name, shape);
  const unexpected = [...tensors.keys()].find((name) => !Object.hasOwn(shapes, name) && name !== UNUSED);
  if (unexpected !== undefined) {
    const count = Object.keys(shapes).length;
    throw new ModelFormatError(`"${unexpected}"`, `the ${count} tensors of wav2vec2-base and no others`);
  }
  const {magnitude, direction} = WEIGHT_NORMS[norm];
  const positions = {
    magnitude: `${NAMES.positions}.${magnitude}`,
    direction: `${NAMES.positions}.${direction}`,
  };
  return {weights: tensors, sizes, positions};
}

/** The sizes that some shapes tell; whether the others fit to them is checked after. */
function sizesOf(weights: StoredWeights): Wav2Vec2Sizes {
  const channels = CONVOLUTIONS.map((_, index) => sizeOf(weights, NAMES.convolution(index), 3));
  const hidden = sizeOf(weights, `${NAMES.projection}.weight`, 2);
  if (hidden % HEAD_SIZE !== 0) {
    throw new ModelFormatError(`${hidden} values of a step`, `a multiple of the head size ${HEAD_SIZE}`);
  }
  const inner = sizeOf(weights, `${NAMES.layer(0)}.feed_forward.intermediate_dense.weight`, 2);
  return {channels, hidden, layerCount: layerCountOf(weights), inner};
}

/** The first dimension of a tensor of so many dimensions. */
function sizeOf(weights: StoredWeights, name: string, dimensionCount: number): number {
  const {shape} = weights.get(name) ?? {};
  const [size] = shape ?? [];
  if (size !== undefined && shape?.length === dimensionCount) return size;
  const got = shape ? `"${name}" as ${formatShape(shape)}` : `no "${name}"`;
  throw new ModelFormatError(got, `"${name}" of ${dimensionCount} dimensions`);
}

/** Layers from the first up to the last that has any tensor: one in between that is missing is found by its names. */
function layerCountOf(weights: StoredWeights): number {
  const indices = [...weights.keys()].map((name) =>
    Number(/^wav2vec2\.encoder\.layers\.(\d{1,4})\./.exec(name)?.[1] ?? -1),
  );
  return Math.max(...indices) + 1;
}
