import type {OpName} from '../../graph/graph.ts';
import {
  clampTable,
  isIdentity,
  leakyReluTable,
  quantisedBound,
  requantiseTable,
  sigmoidTable,
  type LookupTable,
} from '../../graph/lookup-tables.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {requireSameQuantisation} from '../../graph/quantised-scales.ts';
import {cast} from './integer-steps.ts';
import type {Activation, Lowering, LowerTable, NodeOf} from './lowering.ts';
import {convolutionAttributes, firstInput, outputName, plainLowerings} from './lower-plain.ts';
import {lowerQuantisedAdd, lowerQuantisedMul} from './quantised-arithmetic.ts';
import {lowerQuantisedAveragePool, lowerQuantisedMean} from './quantised-averages.ts';

/**
 * How each op is said where its output is quantised to 8 bits. What is chosen here decides whether the network
 * gives TFLite's very numbers (its XNNPACK kernels, else its own): the reasons are in docs/decisions/0005, and
 * test/browser/tflite-agreement.test.ts holds it.
 */
export const quantisedLowerings: LowerTable = {
  ...plainLowerings, // Reshape, Transpose, Slice, MaxPool only move values: nothing below replaces them
  Conv(node, lowering) {
    const [x, y] = activations(node, lowering);
    const weights = weightInputs(node.inputs[1], lowering);
    const bias = node.inputs[2] === undefined ? [] : [lowering.plain(node.inputs[2])];
    lowering.builder.add(
      'QLinearConv',
      [x.name, ...lowering.quantisation(x), ...weights, ...lowering.quantisation(y), ...bias],
      {attributes: convolutionAttributes(node.attributes), output: y.name},
    );
  },
  Gemm(node, lowering) {
    const [x, y] = activations(node, lowering);
    const weights = weightInputs(node.inputs[1], lowering);
    const bias = node.inputs[2] === undefined ? '' : lowering.plain(node.inputs[2]);
    lowering.builder.add(
      'QGemm',
      [x.name, ...lowering.quantisation(x), ...weights, bias, ...lowering.quantisation(y)],
      {domain: 'com.microsoft', attributes: {transB: {int: 1}}, output: y.name},
    );
  },
  AveragePool: lowerQuantisedAveragePool,
  ReduceMean: lowerQuantisedMean,
  Pad(node, lowering) {
    const {before, after, value} = node.attributes;
    const {builder} = lowering;
    const [x, y] = activations(node, lowering);
    requireSameQuantisation(node, [x, y]);
    const filler = builder.scalar('uint8', quantisedBound(value, y));
    builder.add('Pad', [x.name, builder.int64List([...before, ...after]), filler], {output: y.name});
  },
  Concat(node, lowering) {
    requireSameQuantisation(
      node,
      [...node.inputs, ...node.outputs].map((name) => lowering.activation(name)),
    );
    plainLowerings.Concat(node, lowering);
  },
  Softmax(node, lowering) {
    const {builder} = lowering;
    const {axis, beta} = node.attributes;
    const [x, y] = activations(node, lowering);
    const scaled = lowering.quantisation({...x, scale: x.scale * beta});
    const real = builder.add('DequantizeLinear', [x.name, ...scaled]);
    const softmax = builder.add('Softmax', [real], {attributes: {axis: {int: axis}}});
    builder.add('QuantizeLinear', [softmax, ...lowering.quantisation(y)], {output: y.name});
  },
  Sigmoid(node, lowering) {
    const [x, y] = activations(node, lowering);
    lookUp(x, y, sigmoidTable(x, y), lowering);
  },
  Relu(node, lowering) {
    clamp(node, {min: 0, max: Infinity}, lowering);
  },
  Clip(node, lowering) {
    clamp(node, node.attributes, lowering);
  },
  LeakyRelu(node, lowering) {
    const [x, y] = activations(node, lowering);
    lookUp(x, y, leakyReluTable(x, y, node.attributes.alpha), lowering);
  },
  Add: lowerQuantisedAdd,
  Mul: lowerQuantisedMul,
  QuantizeLinear(node, lowering) {
    const y = lowering.activation(node.outputs[0]);
    if (lowering.tensor(node.inputs[0]).type === 'float32') {
      quantise(node, y, lowering);
      return;
    }
    const x = lowering.activation(node.inputs[0]);
    lookUp(x, y, requantiseTable(x, y), lowering);
  },
};

function activations(node: NodeOf<OpName>, lowering: Lowering): [x: Activation, y: Activation] {
  return [lowering.activation(node.inputs[0]), lowering.activation(outputName(node))];
}

// the weights with their scales and zero points, one per output channel or one for all
function weightInputs(name: string | undefined, lowering: Lowering): readonly string[] {
  const {quantisation, type} = lowering.tensor(name);
  if (!quantisation || (type !== 'int8' && type !== 'uint8')) {
    throw new ModelFormatError(`weights ${String(name)} of ${type}`, '8-bit weights with their scales');
  }
  const {scale, zeroPoint} = quantisation;
  const shape = scale.length === 1 ? [] : [scale.length];
  const {builder} = lowering;
  return [
    lowering.plain(name),
    builder.constant('float32', shape, scale),
    builder.constant(type, shape, zeroPoint),
  ];
}

// XNNPACK multiplies by the reciprocal, ONNX's operator divides: with a scale of 1 it only rounds and saturates
function quantise(node: NodeOf<'QuantizeLinear'>, y: Activation, lowering: Lowering): void {
  const {builder} = lowering;
  const reciprocal = builder.scalar('float32', Math.fround(1 / Math.fround(y.scale)));
  const scaled = builder.add('Mul', [firstInput(node, lowering), reciprocal]);
  builder.add('QuantizeLinear', [scaled, ...lowering.quantisation({...y, scale: 1})], {output: y.name});
}

function clamp(
  node: NodeOf<'Relu' | 'Clip'>,
  bounds: {readonly min: number; readonly max: number},
  lowering: Lowering,
): void {
  const [x, y] = activations(node, lowering);
  lookUp(x, y, clampTable(x, y, bounds), lowering);
}

function lookUp(x: Activation, y: Activation, table: LookupTable, lowering: Lowering): void {
  const {builder} = lowering;
  if (isIdentity(table)) {
    builder.add('Identity', [x.name], {output: y.name});
    return;
  }
  const index = cast(x.name, 'int32', lowering);
  builder.add('Gather', [builder.constant('uint8', [table.length], table), index], {output: y.name});
}
