import {
  clampTable,
  isIdentity,
  leakyReluTable,
  quantisedBound,
  requantiseTable,
  sigmoidTable,
  TABLE_LENGTH,
  type LookupTable,
} from '../../graph/lookup-tables.ts';
import {shiftToInt8, UINT8_SHIFT} from '../../formats/onnx/uint8-shift.ts';
import {representedValue, quantisedLimits} from '../../graph/quantisation.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {elementCount} from '../../graph/shape.ts';
import {at, floatField, type Place} from './blocks.ts';
import type {Bounds} from './layer-steps.ts';
import type {OneScale} from '../../graph/quantised-scales.ts';
import {quantisationOf, type NodeOf, type ProgramBuilder} from './program-builder.ts';
import {sectionsAround} from './values.ts';

type Unary = NodeOf<'Sigmoid' | 'LeakyRelu' | 'Relu' | 'Clip' | 'QuantizeLinear' | 'DequantizeLinear'>;

/** Lowers an op that turns each int8 value into another, whatever its neighbours: a table of 256 values. */
export function lowerByTable(node: Unary, builder: ProgramBuilder): void {
  const [x, y] = [builder.activation(node.inputs[0]), builder.activation(node.outputs[0])];
  const table = tableOf(node, shifted(x), shifted(y));
  const value = builder.value(node.inputs[0]);
  if (isIdentity(table)) {
    builder.define(node.outputs[0], value);
    return;
  }
  const output = builder.newOutput(node.outputs[0], value.order);
  builder.add('lookUp', {
    input: at(value.buffer),
    count: elementCount(value.shape),
    table: at(builder.constant(byBits(shiftToInt8(table)))),
    output: at(output.buffer),
  });
}

/** What stored values a clamp lets through. */
export function boundsOf(node: NodeOf<'Relu' | 'Clip'>, y: OneScale): Bounds {
  const {min, max} = realBounds(node);
  const output = shifted(y);
  return {
    min: quantisedBound(min, output) - UINT8_SHIFT,
    max: quantisedBound(max, output) - UINT8_SHIFT,
  };
}

/** Lowers a real tensor's rounding to 8 bits, or the change from one scale to another. */
export function lowerQuantise(node: NodeOf<'QuantizeLinear'>, builder: ProgramBuilder): void {
  const x = builder.value(node.inputs[0]);
  if (x.type !== 'float32') {
    lowerByTable(node, builder);
    return;
  }
  const tensor = builder.tensor(node.outputs[0]);
  const {scale, zeroPoint} = quantisationOf(tensor);
  const limits = quantisedLimits(tensor.type);
  if (!limits) throw new ModelFormatError(`${tensor.name} of ${tensor.type}`, 'int8 or uint8');
  const y = builder.newOutput(tensor.name, x.order);
  builder.add('quantise', {
    input: at(x.buffer),
    count: elementCount(x.shape),
    inverseScale: floatField(Math.fround(1 / Math.fround(scale))),
    zeroPoint,
    min: limits[0],
    max: limits[1],
    output: at(y.buffer),
  });
}

/** Lowers the step from stored values to real ones. */
export function lowerDequantise(node: NodeOf<'DequantizeLinear'>, builder: ProgramBuilder): void {
  const tensor = builder.tensor(node.inputs[0]);
  quantisationOf(tensor);
  const {type, quantisation} = tensor;
  const stored = Int8Array.from({length: TABLE_LENGTH}, (_, bits) => bits);
  const reals = Float32Array.from(type === 'int8' ? stored : new Uint8Array(stored.buffer), (value) =>
    quantisation ? representedValue(value, quantisation) : NaN,
  );
  const x = builder.value(node.inputs[0]);
  const y = builder.newOutput(node.outputs[0], x.order);
  const table = at(builder.constant(reals));
  builder.add('dequantise', {
    input: at(x.buffer),
    count: elementCount(x.shape),
    table,
    output: at(y.buffer),
  });
}

/** Lowers a softmax: TFLite's, by a table of the powers of all differences there can be. */
export function lowerSoftmax(node: NodeOf<'Softmax'>, builder: ProgramBuilder): void {
  const {axis, beta} = node.attributes;
  const [x, y] = [builder.activation(node.inputs[0]), builder.activation(node.outputs[0])];
  const value = builder.value(node.inputs[0]);
  const {outer, inner} = sectionsAround(value, [axis]) ?? {outer: NaN, inner: NaN};
  const output = builder.newOutput(node.outputs[0], value.order);
  builder.add('softmax', {
    input: at(value.buffer),
    outerCount: outer,
    length: value.shape[axis] as number,
    innerCount: inner,
    table: powerTable(builder, x.scale, beta),
    scale: floatField(y.scale),
    zeroPoint: y.zeroPoint,
    output: at(output.buffer),
  });
}

// `PopulateSoftmaxLookupTable`: float32 but for the power itself
function powerTable(builder: ProgramBuilder, scale: number, beta: number): Place {
  const step = -Math.fround(Math.fround(scale) * Math.fround(beta));
  const powers = Float32Array.from({length: TABLE_LENGTH}, (_, difference) =>
    Math.exp(Math.fround(step * difference)),
  );
  return at(builder.constant(powers));
}

function tableOf(node: Unary, x: OneScale, y: OneScale): LookupTable {
  switch (node.op) {
    case 'Sigmoid':
      return sigmoidTable(x, y);
    case 'LeakyRelu':
      return leakyReluTable(x, y, node.attributes.alpha);
    case 'Relu':
    case 'Clip':
      return clampTable(x, y, realBounds(node));
    case 'QuantizeLinear':
    case 'DequantizeLinear':
      return requantiseTable(x, y);
  }
}

function realBounds(node: NodeOf<'Relu' | 'Clip'>): Bounds {
  return node.op === 'Relu' ? {min: 0, max: Infinity} : node.attributes;
}

/** As the tables have it: stored values from 0 to 255. */
function shifted({scale, zeroPoint}: OneScale): OneScale {
  return {scale, zeroPoint: zeroPoint + UINT8_SHIFT};
}

/** A table from −128 up as one from 0 up and round, which the bits of an int8 are the index of. */
function byBits(table: Int8Array): Int8Array {
  return Int8Array.from(table, (_, bits) => table[(bits + UINT8_SHIFT) % TABLE_LENGTH] as number);
}
