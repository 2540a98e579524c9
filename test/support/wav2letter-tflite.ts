import {existsSync, mkdirSync, readFileSync, renameSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {seededRandom, type SeededRandom} from './prng.ts';
import {repositoryPath} from './repository.ts';
import {
  conv2dOptions,
  leakyReluOptions,
  reshapeOptions,
  softmaxOptions,
  writeTflite,
  type OperatorSpec,
  type TensorSpec,
} from './tflite-writer.ts';

/** Of the weights; part of the name under which the file is kept. */
const SEED = 298;

const FRAMES = 296;
const STEPS = 148;
const FEATURES = 39;

/** Layers of Wav2Letter as Arm publishes it (frontends.md, section 1): width of the kernel, output channels. */
const LAYERS: readonly (readonly [kernelWidth: number, channels: number])[] = [
  [48, 250],
  ...Array<[number, number]>(7).fill([7, 250]),
  [32, 2000],
  [1, 2000],
  [1, 29],
];

const LEAKY_ALPHA = 0.20000000298023224;

/** That of Arm's evaluation kit; a stand-in, the published file is not at hand. */
const INPUT = {scale: [0.1410219967365265], zeroPoint: [-11]};
/** A layer's sums have standard deviation 1: four to either side. */
const SUMS = {scale: [8 / 255], zeroPoint: [2]};
/** What leaky ReLU makes of them: −0.8…4. */
const ACTIVATIONS = {scale: [4.8 / 255], zeroPoint: [-85]};
const LOGITS = {scale: [0.1], zeroPoint: [20]};
const POSTERIORS = {scale: [1 / 256], zeroPoint: [-128]};

/** Mean square of leaky ReLU of a standard normal value, and of a standardised feature. */
const MEAN_SQUARE = (1 + LEAKY_ALPHA ** 2) / 2;
const FEATURE_MEAN_SQUARE = 1;
const LOGIT_DEVIATION = 3;

/** Standard deviation of the stored weights that are not pruned, and the share of those that are. */
const WEIGHT_DEVIATION = 35;
const PRUNED_SHARE = 0.5;
const BIAS_DEVIATION = 0.2;

/**
 * A full-size int8 TFLite file of Wav2Letter's topology: published shapes, operators and quantisation, seeded weights,
 * half of them zero. Every layer keeps the spread of its input, so that the logits use many levels and vary.
 * Written once, then read from .cache.
 */
export function seededWav2Letter(): Uint8Array {
  const folder = repositoryPath('.cache');
  const path = join(folder, `wav2letter-seeded-${SEED}.tflite`);
  if (!existsSync(path)) {
    mkdirSync(folder, {recursive: true});
    const unfinished = `${path}.${process.pid}`; // another test may be writing it too
    writeFileSync(unfinished, writeWav2Letter(seededRandom(SEED)));
    renameSync(unfinished, path);
  }
  return new Uint8Array(readFileSync(path));
}

function writeWav2Letter(random: SeededRandom): Uint8Array {
  const tensors: TensorSpec[] = [
    {name: 'input_2_int8', shape: [1, FRAMES, FEATURES], type: 'int8', ...INPUT},
    {name: 'shape', shape: [4], type: 'int32', data: [1, 1, FRAMES, FEATURES]},
    {name: 'x0', shape: [1, 1, FRAMES, FEATURES], type: 'int8', ...INPUT},
  ];
  const operators: OperatorSpec[] = [
    {
      op: 'RESHAPE',
      inputs: ['input_2_int8', 'shape'],
      outputs: ['x0'],
      options: reshapeOptions([1, 1, FRAMES, FEATURES]),
    },
  ];
  let inputChannels = FEATURES;
  LAYERS.forEach(([kernelWidth, channels], index) => {
    const shape = [channels, 1, kernelWidth, inputChannels];
    const layer = addLayer({index, shape}, random);
    tensors.push(...layer.tensors);
    operators.push(...layer.operators);
    inputChannels = channels;
  });
  tensors.push({name: 'Identity_int8', shape: [1, 1, STEPS, 29], type: 'int8', ...POSTERIORS});
  operators.push({
    op: 'SOFTMAX',
    inputs: ['logits'],
    outputs: ['Identity_int8'],
    options: softmaxOptions(),
  });
  return writeTflite({tensors, operators, inputs: ['input_2_int8'], outputs: ['Identity_int8']});
}

/** One convolution and, but for the last, its leaky ReLU, an operator of its own. */
function addLayer(
  {index, shape}: {readonly index: number; readonly shape: readonly number[]},
  random: SeededRandom,
): {readonly tensors: readonly TensorSpec[]; readonly operators: readonly OperatorSpec[]} {
  const isLast = index === LAYERS.length - 1;
  const [channels = 0] = shape;
  const activation = [1, 1, STEPS, channels];
  const sums = isLast ? 'logits' : `sums${index}`;
  const convolution: OperatorSpec = {
    op: 'CONV_2D',
    inputs: [`x${index}`, `w${index}`, `b${index}`],
    outputs: [sums],
    options: conv2dOptions({padding: 'same', strides: [1, index === 0 ? 2 : 1]}),
  };
  const parameters = layerParameters(index, shape, random);
  const sumTensor: TensorSpec = {name: sums, shape: activation, type: 'int8', ...(isLast ? LOGITS : SUMS)};
  if (isLast) return {tensors: [...parameters, sumTensor], operators: [convolution]};
  const output = `x${index + 1}`;
  return {
    tensors: [...parameters, sumTensor, {name: output, shape: activation, type: 'int8', ...ACTIVATIONS}],
    operators: [
      convolution,
      {op: 'LEAKY_RELU', inputs: [sums], outputs: [output], options: leakyReluOptions(LEAKY_ALPHA)},
    ],
  };
}

/** Weights and biases of a layer: its sums have the deviation wanted, some channels more and some less. */
function layerParameters(
  index: number,
  shape: readonly number[],
  random: SeededRandom,
): readonly TensorSpec[] {
  const [channels = 0] = shape;
  const inputCount = shape.slice(1).reduce((product, size) => product * size, 1);
  const weights = new Int8Array(channels * inputCount);
  for (let weight = 0; weight < weights.length; weight++) {
    if (random.next() < PRUNED_SHARE) continue;
    weights[weight] = Math.max(-127, Math.min(127, Math.round(WEIGHT_DEVIATION * random.gaussian())));
  }
  const meanSquare = index === 0 ? FEATURE_MEAN_SQUARE : MEAN_SQUARE;
  const deviation = index === LAYERS.length - 1 ? LOGIT_DEVIATION : 1;
  const storedDeviation = WEIGHT_DEVIATION * Math.sqrt((1 - PRUNED_SHARE) * inputCount * meanSquare);
  const scale = Array.from(
    {length: channels},
    () => (random.between(0.6, 1.4) * deviation) / storedDeviation,
  );
  const [inputScale = NaN] = (index === 0 ? INPUT : ACTIVATIONS).scale;
  const biasScale = scale.map((channelScale) => inputScale * channelScale);
  return [
    {name: `w${index}`, shape, type: 'int8', bytes: new Uint8Array(weights.buffer), scale},
    {
      name: `b${index}`,
      shape: [channels],
      type: 'int32',
      data: biasScale.map((step) => Math.round((BIAS_DEVIATION * deviation * random.gaussian()) / step)),
      scale: biasScale,
    },
  ];
}
