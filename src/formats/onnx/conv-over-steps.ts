import type {DynamicActivation} from './dynamic-integers.ts';
import {cast} from './integer-steps.ts';
import type {Lowering, NodeOf} from './lowering.ts';
import type {OnnxBuilder} from './onnx-builder.ts';
import {quantiseWeights} from './quantise-weights.ts';
import {shiftToUint8, UINT8_SHIFT} from './uint8-shift.ts';

/** The longest kernel that is taken apart: each of its taps costs a pass over the output in float32. */
const MOST_TAPS = 3;

/** What a silent step is divided by instead of its loudest value, 0. */
const SILENCE = 1e-20;

/** End of a slice that goes to the end. */
const TO_THE_END = 2 ** 31 - 1;

/** An activation of which each step has a scale of its own: real = loudest[step] · scale · (value − zero point). */
interface StepwiseActivation extends DynamicActivation {
  readonly loudest: string; // [1, 1, 1, steps]
}

/** Weights of a convolution, tap by tap: names of the values [outputs, channels, 1, 1] of each, and of the scales. */
interface TapWeights {
  readonly taps: readonly string[];
  readonly scale: string;
}

/** Whether a convolution runs over the steps of a sequence, [1, channels, 1, steps], and is short and without pads. */
export function isShortOverSteps({inputs, attributes}: NodeOf<'Conv'>, lowering: Lowering): boolean {
  const [height] = lowering.tensor(inputs[0]).shape.slice(2);
  const [kernelHeight, taps = 0] = lowering.tensor(inputs[1]).shape.slice(2);
  const {group, pads, dilations} = attributes;
  const isPlain =
    group === 1 && [...pads, ...dilations.map((dilation) => dilation - 1)].every((by) => by === 0);
  return isPlain && height === 1 && kernelHeight === 1 && taps <= MOST_TAPS;
}

/**
 * Adds a convolution over steps in integers, its bias aside: the sum over the kernel's taps of products with one step
 * each, so that each step can have a scale of its own. With one scale for all, quiet steps are lost beside loud ones,
 * and a normalisation of each step makes their rounding as large as the rest (docs/decisions/0015). It is faster, too:
 * no windows are copied.
 * @returns the name of the real numbers: `output`, a fresh one where absent.
 */
export function addConvOverSteps(node: NodeOf<'Conv'>, lowering: Lowering, output?: string): string {
  const {builder} = lowering;
  const steps = quantiseSteps(lowering.plain(node.inputs[0]), builder);
  const weights = addTaps(node.inputs[1], lowering);
  const [, stride] = node.attributes.strides;
  const products = weights.taps.map((values, tap) => {
    // the steps that this tap meets
    const end = tap === weights.taps.length - 1 ? TO_THE_END : tap + 1 - weights.taps.length;
    const cut = (name: string, by: number): string =>
      builder.add('Slice', [name, ...[tap, end, 3, by].map((value) => builder.int64List([value]))]);
    const zeroPoints = [steps.zeroPoint, builder.scalar('uint8', UINT8_SHIFT)];
    const attributes = {strides: {ints: [1, stride]}};
    const sums = builder.add('ConvInteger', [cut(steps.values, 1), values, ...zeroPoints], {attributes});
    return builder.add('Mul', [cast(sums, 'float32', lowering), cut(steps.loudest, stride)]);
  });
  const sum = products.reduce((one, other) => builder.add('Add', [one, other]));
  const scale = builder.add('Mul', [steps.scale, weights.scale]);
  return builder.add('Mul', [sum, scale], output === undefined ? {} : {output});
}

function quantiseSteps(x: string, builder: OnnxBuilder): StepwiseActivation {
  const attributes = {axes: {ints: [1]}, keepdims: {int: 1}};
  const loudest = builder.add('ReduceMax', [builder.add('Abs', [x])], {attributes});
  const divisor = builder.add('Max', [loudest, builder.scalar('float32', SILENCE)]);
  const values = `/earshot/steps/${x}`;
  const [scale, zeroPoint] = [`${values}/scale`, `${values}/zero`];
  builder.add('DynamicQuantizeLinear', [builder.add('Div', [x, divisor])], {
    outputs: [values, scale, zeroPoint],
  });
  return {values, scale, zeroPoint, loudest};
}

function addTaps(source: string | undefined, lowering: Lowering): TapWeights {
  const [outputs = 0, channels = 0, , tapCount = 0] = lowering.tensor(source).shape;
  const prefix = `/earshot/taps/${String(source)}`;
  const taps = Array.from({length: tapCount}, (_, tap) => `${prefix}/${tap}`);
  const scale = `${prefix}/scale`;
  const constants = [
    ...taps.map((name) => ({name, type: 'uint8', shape: [outputs, channels, 1, 1]}) as const),
    {name: scale, type: 'float32', shape: [outputs, 1, 1]} as const,
  ];
  const rows = {channelCount: outputs, channelStep: channels * tapCount, step: 1};
  lowering.derived(source, constants, (weights) => {
    const quantised = quantiseWeights(weights, rows);
    const stored = shiftToUint8(quantised.values);
    return [...taps.map((_, tap) => stored.filter((__, index) => index % tapCount === tap)), quantised.scale];
  });
  return {taps, scale};
}
