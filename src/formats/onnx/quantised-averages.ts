import {meanScale, requireSameQuantisation} from '../../graph/quantised-scales.ts';
import {cast, storeAsUint8} from './integer-steps.ts';
import type {Activation, Lower, Lowering, NodeOf} from './lowering.ts';
import {outputName, poolAttributes} from './lower-plain.ts';

/**
 * Quantised average, as TFLite's own kernel computes it (XNNPACK has none for int8): the int8 values as they are
 * stored, summed, divided by how many the window holds, rounded half away from zero
 * (`reference_integer_ops::AveragePool`). The scale plays no part.
 */
export const lowerQuantisedAveragePool: Lower<'AveragePool'> = (node, lowering) => {
  const {builder} = lowering;
  const x = lowering.activation(node.inputs[0]);
  const y = lowering.activation(outputName(node));
  requireSameQuantisation(node, [x, y]);
  const sums = sumWindows(node, x, lowering);
  const counts = windowCounts(node, lowering);
  const halves = counts.values.map((count) => Math.floor(count / 2));
  const away = builder.add('Mul', [
    builder.add('Sign', [sums]),
    builder.constant('int32', counts.shape, halves),
  ]);
  // int32 division cuts off towards zero
  const averages = builder.add('Div', [
    builder.add('Add', [sums, away]),
    builder.constant('int32', counts.shape, counts.values),
  ]);
  storeAsUint8(averages, 'int32', {...y, zeroPoint: y.shift}, lowering);
};

/**
 * Quantised mean, as XNNPACK's global average pooling computes it: the sum as an integer, times one float32
 * scale, rounded half to even (`xnn_init_qs8_avgpool_minmax_fp32_*_params`).
 */
export const lowerQuantisedMean: Lower<'ReduceMean'> = (node, lowering) => {
  const {builder} = lowering;
  const {axes, keepDims} = node.attributes;
  const x = lowering.activation(node.inputs[0]);
  const y = lowering.activation(outputName(node));
  const {shape} = lowering.tensor(node.inputs[0]);
  const count = axes.reduce((product, axis) => product * (shape.at(axis) ?? 1), 1);
  const centred = builder.add('Sub', [cast(x.name, 'int32', lowering), builder.scalar('int32', x.zeroPoint)]);
  const sum = builder.add('ReduceSum', [centred, builder.int64List(axes)], {
    attributes: {keepdims: {int: Number(keepDims)}},
  });
  const scale = meanScale(x, y, count);
  const mean = builder.add('Mul', [cast(sum, 'float32', lowering), builder.scalar('float32', scale)]);
  storeAsUint8(builder.add('Round', [mean]), 'float32', y, lowering);
};

// the float operator is the fast one; its average times the window's size is within 0.01 of the whole number
function sumWindows(node: NodeOf<'AveragePool'>, x: Activation, lowering: Lowering): string {
  const {builder} = lowering;
  const [height, width] = node.attributes.kernel;
  const values = builder.add('Sub', [cast(x.name, 'float32', lowering), builder.scalar('float32', x.shift)]);
  const averages = builder.add('AveragePool', [values], {
    attributes: {...poolAttributes(node.attributes), count_include_pad: {int: 1}},
  });
  const sums = builder.add('Mul', [averages, builder.scalar('float32', height * width)]);
  return cast(builder.add('Round', [sums]), 'int32', lowering);
}

// how many values of the image each window holds: fewer where it reaches into the padding
function windowCounts(
  node: NodeOf<'AveragePool'>,
  lowering: Lowering,
): {readonly shape: readonly number[]; readonly values: readonly number[]} {
  const {kernel, strides, pads} = node.attributes;
  const [, , height = 0, width = 0] = lowering.tensor(node.inputs[0]).shape;
  const [, , rowCount = 0, columnCount = 0] = lowering.tensor(node.outputs[0]).shape;
  const rows = insideCounts({length: height, kernel: kernel[0], stride: strides[0], pad: pads[0]}, rowCount);
  const columns = insideCounts(
    {length: width, kernel: kernel[1], stride: strides[1], pad: pads[1]},
    columnCount,
  );
  return {
    shape: [1, 1, rowCount, columnCount],
    values: rows.flatMap((row) => columns.map((column) => row * column)),
  };
}

interface WindowAxis {
  readonly length: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
}

function insideCounts({length, kernel, stride, pad}: WindowAxis, count: number): readonly number[] {
  return Array.from({length: count}, (_, index) => {
    const first = index * stride - pad;
    return Math.min(length, first + kernel) - Math.max(0, first);
  });
}
