import {at} from './blocks.ts';
import {meanScale, requireSameQuantisation} from '../../graph/quantised-scales.ts';
import {CHANNELS_LAST, type NodeOf, type ProgramBuilder} from './program-builder.ts';
import {BLOCK_OUTPUTS} from './pack-weights.ts';
import {bytesOf, sectionsAround, type Sections, type Value} from './values.ts';

/** Lowers an average or a maximum over windows, image by image. */
export function lowerPool(node: NodeOf<'AveragePool' | 'MaxPool'>, builder: ProgramBuilder): void {
  const [input, output] = [node.inputs[0], node.outputs[0]];
  requireSameQuantisation(node, [builder.activation(input), builder.activation(output)]);
  const x = builder.inOrder(builder.value(input), CHANNELS_LAST);
  const y = builder.newOutput(output, CHANNELS_LAST);
  const {kernel, strides, pads} = node.attributes;
  const [batchCount = 0, channelCount = 0, height = 0, width = 0] = x.shape;
  const [, , outputHeight = 0, outputWidth = 0] = y.shape;
  for (let image = 0; image < batchCount; image++) {
    builder.add(node.op === 'MaxPool' ? 'maxPool' : 'averagePool', {
      input: at(x.buffer, (image * bytesOf(x)) / batchCount),
      height,
      width,
      channelCount,
      kernelHeight: kernel[0],
      kernelWidth: kernel[1],
      strideHeight: strides[0],
      strideWidth: strides[1],
      top: pads[0],
      left: pads[1],
      outputHeight,
      outputWidth,
      output: at(y.buffer, (image * bytesOf(y)) / batchCount),
    });
  }
}

/** Lowers a mean over axes: XNNPACK's, a sum times one float32 scale. */
export function lowerMean(node: NodeOf<'ReduceMean'>, builder: ProgramBuilder): void {
  const {axes, keepDims} = node.attributes;
  const [x, y] = [builder.activation(node.inputs[0]), builder.activation(node.outputs[0])];
  const {value, sections} = gatherAxes(builder.value(node.inputs[0]), axes, builder);
  const kept = value.order.filter((axis) => !axes.includes(axis));
  const ranks = kept.toSorted((a, b) => a - b);
  const order = keepDims ? value.order : kept.map((axis) => ranks.indexOf(axis));
  const output = builder.newOutput(node.outputs[0], order);
  const {outer, middle, inner} = sections;
  const scale = meanScale(x, y, middle);
  const scales = new Float32Array(Math.ceil(inner / BLOCK_OUTPUTS) * BLOCK_OUTPUTS).fill(scale);
  builder.add('mean', {
    input: at(value.buffer),
    outerCount: outer,
    reducedCount: middle,
    innerCount: inner,
    bias: -middle * x.zeroPoint,
    output: at(output.buffer),
    scale: at(builder.constant(scales)),
    zeroPoint: y.zeroPoint,
    min: -128,
    max: 127,
  });
}

/** The value with some axes side by side: as it lies where they are, else in front of all others. */
function gatherAxes(
  value: Value,
  axes: readonly number[],
  builder: ProgramBuilder,
): {readonly value: Value; readonly sections: Sections} {
  const found = sectionsAround(value, axes);
  if (found) return {value, sections: found};
  const gathered = builder.inOrder(value, [...axes, ...value.order.filter((axis) => !axes.includes(axis))]);
  const middle = axes.reduce((count, axis) => count * (value.shape[axis] as number), 1);
  return {value: gathered, sections: {outer: 1, middle, inner: bytesOf(value) / middle}};
}
