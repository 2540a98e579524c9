import type {
  ElementType,
  Graph,
  Node,
  OpAttributes,
  OpName,
  Quantisation,
  Tensor,
  TensorData,
} from '../../src/graph/graph.ts';

/** What a tensor of a test's graph is, beside its name. */
export type TensorSpec = Omit<Tensor, 'name' | 'type'> & {readonly type?: ElementType};

/** One scale and zero point for a whole tensor. */
export function perTensor(scale: number, zeroPoint: number): Quantisation {
  return {scale: Float32Array.of(scale), zeroPoint: Int32Array.of(zeroPoint), axis: 0};
}

/** A constant of a test's graph. */
export function constant(
  shape: readonly number[],
  data: TensorData,
  quantisation?: Quantisation,
): TensorSpec {
  const type = data instanceof Float32Array ? 'float32' : data instanceof Int8Array ? 'int8' : 'int32';
  return {shape, data, type, ...(quantisation && {quantisation})};
}

/** One node as a test states it. */
export function node<Op extends OpName>(
  op: Op,
  inputs: readonly string[],
  output: string,
  attributes: OpAttributes[Op],
): Node {
  return {op, inputs, outputs: [output], attributes} as unknown as Node;
}

/** A small graph from its tensors (float32 unless they say otherwise); inputs and outputs by name. */
export function graphOf(
  tensors: Readonly<Record<string, TensorSpec>>,
  nodes: readonly Node[],
  {inputs = ['x'], outputs = ['y']}: {inputs?: readonly string[]; outputs?: readonly string[]} = {},
): Graph {
  const entries = Object.entries(tensors).map(([name, spec]): [string, Tensor] => [
    name,
    {type: 'float32', ...spec, name},
  ]);
  return {name: 'test', inputs, outputs, tensors: new Map(entries), nodes};
}
