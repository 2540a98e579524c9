import {seededRandom, type SeededRandom} from './prng.ts';
import {
  conv2dOptions,
  leakyReluOptions,
  reshapeOptions,
  softmaxOptions,
  writeTflite,
  type OperatorSpec,
  type TensorSpec,
} from './tflite-writer.ts';

const FRAMES = 41;
const COEFFICIENTS = 13;
const TOKENS = 29;

/** Of the activations between the layers. */
const SCALE = 0.05;

/** Outputs, length along time and stride of each convolution: those of Wav2Letter, cut down. */
const LAYERS = [
  {outputs: 25, kernel: 9, stride: 2},
  {outputs: 25, kernel: 7, stride: 1},
  {outputs: 25, kernel: 6, stride: 1},
  {outputs: 52, kernel: 11, stride: 1},
  {outputs: 52, kernel: 1, stride: 1},
  {outputs: TOKENS, kernel: 1, stride: 1},
] as const;

/**
 * A seeded `.tflite` file of the form of Arm's Wav2Letter INT8: [1, 41, 13] MFCCs, convolutions along time, leaky ReLUs of
 * 0.2 between them, a softmax over 29 tokens: [1, 1, 21, 29].
 */
export function smallWav2Letter(seed: number): Uint8Array {
  const random = seededRandom(seed);
  const tensors: TensorSpec[] = [
    {name: 'input', shape: [1, FRAMES, COEFFICIENTS], type: 'int8', scale: [0.08], zeroPoint: [-9]},
    {name: 'image', shape: [1, 1, FRAMES, COEFFICIENTS], type: 'int8', scale: [0.08], zeroPoint: [-9]},
  ];
  const operators: OperatorSpec[] = [
    {
      op: 'RESHAPE',
      inputs: ['input'],
      outputs: ['image'],
      options: reshapeOptions([1, 1, FRAMES, COEFFICIENTS]),
    },
  ];
  let last = tensors[1]!;
  LAYERS.forEach((layer, index) => {
    const made = addLayer(last, layer, index, random);
    tensors.push(...made.tensors);
    operators.push(...made.operators);
    last = tensors.at(-1)!;
  });
  tensors.push({name: 'output', shape: last.shape, type: 'int8', scale: [1 / 256], zeroPoint: [-128]});
  operators.push({op: 'SOFTMAX', inputs: [last.name], outputs: ['output'], options: softmaxOptions()});
  return writeTflite({tensors, operators, inputs: ['input'], outputs: ['output']});
}

/** A convolution, and a leaky ReLU behind all but the last. */
function addLayer(
  x: TensorSpec,
  {outputs, kernel, stride}: (typeof LAYERS)[number],
  index: number,
  random: SeededRandom,
): {readonly tensors: readonly TensorSpec[]; readonly operators: readonly OperatorSpec[]} {
  const name = `layer${index}`;
  const [, , length = 0, channels = 0] = x.shape;
  const depth = kernel * channels;
  const shape = [1, 1, Math.ceil(length / stride), outputs];
  const integers = (count: number, most: number): number[] =>
    Array.from({length: count}, () => random.integer(-most, most));
  const [xScale = 1] = x.scale ?? [];
  // such that the outputs fill their range: both factors of each product are about 73 steps in size
  const usual = SCALE / (xScale * 90 * Math.sqrt(depth));
  const weightScale = Array.from({length: outputs}, () => usual * random.between(0.7, 1.3));
  const scale = [SCALE];
  const isLast = outputs === TOKENS;
  const linear: TensorSpec = {name: `${name}/linear`, shape, type: 'int8', scale, zeroPoint: [-3]};
  const tensors: TensorSpec[] = [
    {
      name: `${name}/w`,
      ...{shape: [outputs, 1, kernel, channels], type: 'int8', scale: weightScale, axis: 0},
      data: integers(outputs * depth, 127),
    },
    {name: `${name}/b`, shape: [outputs], type: 'int32', data: integers(outputs, 3000)},
    linear,
  ];
  const operators: OperatorSpec[] = [
    {
      op: 'CONV_2D',
      inputs: [x.name, `${name}/w`, `${name}/b`],
      outputs: [linear.name],
      options: conv2dOptions({padding: 'same', strides: [1, stride]}),
    },
  ];
  if (isLast) return {tensors, operators};
  return {
    tensors: [...tensors, {...linear, name, scale: [scale[0]! * 0.7], zeroPoint: [-50]}],
    operators: [
      ...operators,
      {op: 'LEAKY_RELU', inputs: [linear.name], outputs: [name], options: leakyReluOptions(0.2)},
    ],
  };
}
