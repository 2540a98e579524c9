import type {Checkpoint} from '../../formats/checkpoint/checkpoint.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {formatShape} from '../../graph/shape.ts';
import {requireStored, withoutModulePrefix, type StoredWeights} from '../checkpoint-weights.ts';
import {card} from './card.ts';
import {DEEPSPEECH2_FEATURE_COUNT} from './front-end.ts';

/** The convolutions: kernel and stride are [bins, frames], without padding. */
export const CONVOLUTIONS = [
  {layer: 'conv.0', norm: 'conv.1', inputs: 1, kernel: [41, 11], strides: [2, 2]},
  {layer: 'conv.3', norm: 'conv.4', inputs: 32, kernel: [21, 11], strides: [2, 1]},
] as const;

/** Maps that each convolution makes. */
export const CHANNELS = 32;

/** Recurrent layers. */
export const LAYER_COUNT = 3;

/** The batch normalisation before the classifier. */
export const FINAL_NORM = 'fc.0.module.0';

/** The linear layer that gives the logits; it has no bias. */
export const CLASSIFIER = 'fc.0.module.1';

/** Outputs of the convolutions for each step: 161 → 61 → 21 bins of 32 maps. */
export const CONVOLVED_COUNT =
  CHANNELS *
  CONVOLUTIONS.reduce(
    (bins, {kernel, strides}) => Math.floor((bins - kernel[0]) / strides[0]) + 1,
    DEEPSPEECH2_FEATURE_COUNT,
  );

/** A checkpoint that was found to be this network. */
export interface DeepSpeech2Weights {
  readonly weights: StoredWeights;
  /** Units of a recurrent layer: 2560 in the published network. */
  readonly hiddenSize: number;
}

/** Names and shapes of the state dictionary, as MLPerf's code writes it (reference/frontends.md, section 10). */
export function deepSpeech2Shapes(hiddenSize: number): Readonly<Record<string, readonly number[]>> {
  const shapes: Record<string, readonly number[]> = {};
  const addNorm = (name: string, size: number): void => {
    for (const part of NORM_PARTS) shapes[`${name}.${part}`] = [size];
  };
  for (const {layer, norm, inputs, kernel} of CONVOLUTIONS) {
    shapes[`${layer}.weight`] = [CHANNELS, inputs, ...kernel];
    shapes[`${layer}.bias`] = [CHANNELS];
    addNorm(norm, CHANNELS);
  }
  for (let layer = 0; layer < LAYER_COUNT; layer++) {
    const inputs = layer === 0 ? CONVOLVED_COUNT : hiddenSize;
    shapes[`rnns.${layer}.rnn.weight_ih_l0`] = [3 * hiddenSize, inputs];
    shapes[`rnns.${layer}.rnn.weight_hh_l0`] = [3 * hiddenSize, hiddenSize];
    shapes[`rnns.${layer}.rnn.bias_ih_l0`] = [3 * hiddenSize];
    shapes[`rnns.${layer}.rnn.bias_hh_l0`] = [3 * hiddenSize];
  }
  addNorm(FINAL_NORM, hiddenSize);
  shapes[`${CLASSIFIER}.weight`] = [card.labels.length, hiddenSize];
  return shapes;
}

/** What a batch normalisation stores that its outputs depend on. */
export const NORM_PARTS = ['weight', 'bias', 'running_mean', 'running_var'] as const;

/**
 * Checks that a checkpoint is this network, of any width, and nothing else: names, shapes, and what the dictionary
 * around the weights says.
 * @throws ModelFormatError with got and expected for the first thing that does not fit; networks that are taken for
 * this one (two directions, the newer deepspeech.pytorch) by name.
 */
export function readDeepSpeech2(checkpoint: Checkpoint): DeepSpeech2Weights {
  const weights = withoutModulePrefix(checkpoint);
  refuseRelatives(weights);
  const hiddenSize = hiddenSizeOf(weights);
  checkMetadata(checkpoint.metadata, hiddenSize);
  const shapes = deepSpeech2Shapes(hiddenSize);
  for (const [name, shape] of Object.entries(shapes)) requireStored(weights, name, shape);
  for (const name of weights.keys()) {
    if (Object.hasOwn(shapes, name) || name.endsWith('.num_batches_tracked')) continue;
    throw new ModelFormatError(
      `"${name}"`,
      `the ${Object.keys(shapes).length} tensors of DeepSpeech2 and no others`,
    );
  }
  return {weights, hiddenSize};
}

/** Inputs of the first recurrent layer behind padded convolutions: 32 maps of 41 bins. */
const PADDED_CONVOLVED_COUNT = 1312;

function refuseRelatives(weights: StoredWeights): void {
  const first = weights.get('rnns.0.rnn.weight_ih_l0');
  const newer = [...weights.keys()].find((name) => /(^|\.)(seq_module|batch_norm|lookahead)\./.test(name));
  if (newer !== undefined || first?.shape[1] === PADDED_CONVOLVED_COUNT) {
    throw new ModelFormatError(
      `the newer deepspeech.pytorch network (${newer ?? `${PADDED_CONVOLVED_COUNT} inputs of the first recurrent layer`})`,
      "MLPerf's DeepSpeech2: convolutions without padding and three GRUs without batch normalisation between them",
    );
  }
  const reverse = [...weights.keys()].find((name) => name.endsWith('_reverse'));
  if (reverse === undefined) return;
  throw new ModelFormatError(`"${reverse}", of a network of two directions`, 'GRUs of one direction');
}

/** The width that the first layer's recurrence has; whether all others fit is checked by their shapes. */
function hiddenSizeOf(weights: StoredWeights): number {
  const name = 'rnns.0.rnn.weight_hh_l0';
  const {shape = []} = weights.get(name) ?? {};
  const [rows = NaN, hiddenSize = NaN] = shape;
  if (rows === 3 * hiddenSize) return hiddenSize;
  const got = weights.has(name) ? `"${name}" as ${formatShape(shape)}` : `no "${name}"`;
  const of = rows === 4 * hiddenSize ? ', an LSTM' : '';
  throw new ModelFormatError(got + of, `"${name}" of a GRU, as [3 · hidden_size, hidden_size]`);
}

function checkMetadata(metadata: Checkpoint['metadata'], hiddenSize: number): void {
  const expected = {
    hidden_size: hiddenSize,
    hidden_layers: LAYER_COUNT,
    rnn_type: 'gru',
    labels: card.labels.join(''),
  };
  for (const [name, value] of Object.entries(expected)) {
    const got = metadata[name];
    if (got === undefined || got === value) continue;
    throw new ModelFormatError(`${name} ${JSON.stringify(got)}`, JSON.stringify(value));
  }
}
