import type {ElementType, Node, OpName, Tensor} from './graph.ts';
import {ModelFormatError} from './model-format-error.ts';
import {isSameQuantisation} from './quantisation.ts';
import {sequenceOpNames} from './sequence-ops.ts';

/** Inputs an op takes: least and most. */
const INPUT_COUNTS: Readonly<Record<OpName, readonly [number, number]>> = {
  Conv: [2, 3],
  Gemm: [2, 3],
  AveragePool: [1, 1],
  MaxPool: [1, 1],
  ReduceMean: [1, 1],
  Reshape: [1, 1],
  Transpose: [1, 1],
  Pad: [1, 1],
  Concat: [1, Number.POSITIVE_INFINITY],
  Slice: [1, 1],
  Softmax: [1, 1],
  Sigmoid: [1, 1],
  Relu: [1, 1],
  Clip: [1, 1],
  LeakyRelu: [1, 1],
  Add: [2, 2],
  Mul: [2, 2],
  MatMul: [2, 2],
  Gru: [5, 5],
  LayerNormalization: [3, 3],
  InstanceNormalization: [3, 3],
  Gelu: [1, 1],
  QuantizeLinear: [1, 1],
  DequantizeLinear: [1, 1],
};

/** Tensors an op computes, where it is not one. */
const OUTPUT_COUNTS: Readonly<Partial<Record<OpName, number>>> = {Gru: 2};

/** Ops that are in float32 only. */
const FLOAT_OPS: ReadonlySet<OpName> = new Set<OpName>(sequenceOpNames);

/** Ops that only move stored values: what they write means what it meant where it was read. */
const MOVING_OPS: ReadonlySet<OpName> = new Set<OpName>([
  'AveragePool',
  'MaxPool',
  'Reshape',
  'Transpose',
  'Pad',
  'Concat',
  'Slice',
]);

/**
 * Refuses a node with too few or too many tensors.
 * @throws ModelFormatError with the counts.
 */
export function checkArity(node: Node): void {
  const [least, most] = INPUT_COUNTS[node.op];
  if (node.inputs.length < least || node.inputs.length > most) {
    const range = least === most ? `${least}` : `${least} to ${most}`;
    throw new ModelFormatError(`${node.inputs.length} inputs of ${node.op}`, range);
  }
  const outputCount = OUTPUT_COUNTS[node.op] ?? 1;
  if (node.outputs.length !== outputCount) {
    throw new ModelFormatError(`${node.outputs.length} outputs of ${node.op}`, `${outputCount}`);
  }
}

/**
 * Refuses a node whose tensors' element types or quantisation no engine could honour: arithmetic is float32
 * throughout, or int8 with quantisation throughout (bias int32).
 * @throws ModelFormatError with the types got and expected.
 */
export function checkTypes(node: Node, inputs: readonly Tensor[], outputs: readonly Tensor[]): void {
  const [x, output] = [inputs[0] as Tensor, outputs[0] as Tensor];
  if (FLOAT_OPS.has(node.op)) return requireTypes(node, [...inputs, ...outputs], ['float32']);
  if (node.op === 'QuantizeLinear') {
    requireTypes(node, [x], ['float32', 'int8']);
    return requireQuantised(node, x.type === 'int8' ? [x, output] : [output]);
  }
  if (node.op === 'DequantizeLinear') {
    requireQuantised(node, [x]);
    return requireTypes(node, [output], ['float32']);
  }
  if (MOVING_OPS.has(node.op)) return checkMovingOp(node, inputs, output);
  const hasBias = (node.op === 'Conv' || node.op === 'Gemm') && inputs.length === 3;
  const operands = hasBias ? inputs.slice(0, 2) : inputs;
  requireTypes(node, [x], ['float32', 'int8']);
  requireTypes(node, [...operands, output], [x.type]);
  if (hasBias) requireTypes(node, inputs.slice(2), [x.type === 'float32' ? 'float32' : 'int32']);
  if (x.type !== 'float32') checkQuantisedArithmetic(node, operands, output);
}

function checkMovingOp(node: Node, inputs: readonly Tensor[], output: Tensor): void {
  const x = inputs[0] as Tensor;
  requireTypes(node, [...inputs, output], [x.type]);
  for (const input of inputs) {
    if (isSameQuantisation(input.quantisation, output.quantisation)) continue;
    throw new ModelFormatError(
      `different quantisation of ${input.name} and ${output.name} around ${node.op}`,
      'the same scale and zero point',
    );
  }
}

function checkQuantisedArithmetic(node: Node, operands: readonly Tensor[], output: Tensor): void {
  const hasWeights = node.op === 'Conv' || node.op === 'Gemm';
  const activations = hasWeights ? operands.slice(0, 1) : operands;
  requireQuantised(node, [...activations, output]);
  if (!hasWeights) return;
  const weights = operands[1] as Tensor;
  if (weights.quantisation === undefined) {
    throw new ModelFormatError(`weights ${weights.name} without quantisation`, 'a scale and zero point');
  }
  if (weights.quantisation.axis !== 0 && weights.quantisation.scale.length > 1) {
    throw new ModelFormatError(
      `weights ${weights.name} quantised along dimension ${weights.quantisation.axis}`,
      'dimension 0, the output channels',
    );
  }
}

function requireTypes(node: Node, tensors: readonly Tensor[], types: readonly ElementType[]): void {
  for (const {name, type} of tensors) {
    if (types.includes(type)) continue;
    throw new ModelFormatError(`${type} tensor ${name} at ${node.op}`, types.join(' or '));
  }
}

function requireQuantised(node: Node, tensors: readonly Tensor[]): void {
  for (const {name, type, quantisation} of tensors) {
    if ((type === 'int8' || type === 'uint8') && quantisation?.scale.length === 1) continue;
    throw new ModelFormatError(
      `${type} tensor ${name} with ${quantisation?.scale.length ?? 0} scales at ${node.op}`,
      'int8 or uint8 with one scale and zero point',
    );
  }
}
