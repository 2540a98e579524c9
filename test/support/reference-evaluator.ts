import type {Graph, Node, OpAttributes, OpName} from '../../src/graph/graph.ts';
import {inferShapes} from '../../src/graph/infer-shape.ts';
import {shapeOfValues} from '../../src/graph/shape.ts';
import {tensorOf} from '../../src/graph/tensor-of.ts';
import {at, broadcastAt, eachPlace, fill, map, mean, type Reals} from './reals.ts';
import {
  evaluateGelu,
  evaluateGru,
  evaluateInstanceNormalization,
  evaluateLayerNormalization,
  evaluateMatMul,
} from './reference-sequence-ops.ts';

type Evaluate<Op extends OpName> = (
  inputs: readonly Reals[],
  attributes: OpAttributes[Op],
  outputShape: readonly number[],
) => Reals;

type FloatOp = Exclude<OpName, 'Gru' | 'QuantizeLinear' | 'DequantizeLinear'>;

/** Evaluates a float32 graph in double precision with the plainest loops there are. One input, one output. */
export function evaluateReference(graph: Graph, input: ArrayLike<number>): Float64Array {
  return evaluateOutputs(graph, [input])[0]!;
}

/** The same with any number of inputs and outputs, in the order of the graph. */
export function evaluateOutputs(graph: Graph, inputs: readonly ArrayLike<number>[]): readonly Float64Array[] {
  const values = evaluateTensors(graph, inputs);
  return graph.outputs.map((name) => values.get(name)!.data);
}

/**
 * Evaluates every tensor of a float32 graph.
 * @param amend may change what a node computed before others read it.
 */
export function evaluateTensors(
  graph: Graph,
  inputs: readonly ArrayLike<number>[],
  amend: (name: string, computed: Reals) => Reals = (_, computed) => computed,
): ReadonlyMap<string, Reals> {
  const values = new Map<string, Reals>();
  for (const {name, shape, data} of graph.tensors.values()) {
    if (data) values.set(name, {shape, data: Float64Array.from(data)});
  }
  graph.inputs.forEach((name, index) => {
    const data = Float64Array.from(inputs[index]!);
    values.set(name, {shape: shapeOfValues(tensorOf(graph, name).shape, data.length)!, data});
  });
  for (const node of graph.nodes) {
    const computed = evaluateNode(node, values);
    node.outputs.forEach((output, index) => values.set(output, amend(output, computed[index]!)));
  }
  return values;
}

function evaluateNode(open: Node, values: ReadonlyMap<string, Reals>): readonly Reals[] {
  const inputs = open.inputs.map((name) => values.get(name)!);
  const node = withLength(open, inputs);
  if (node.op === 'Gru') return evaluateGru(inputs);
  const evaluate = evaluators[node.op as FloatOp] as Evaluate<OpName>;
  const shapes = inputs.map(({shape}) => shape);
  return [evaluate(inputs, node.attributes, inferShapes(node, shapes)[0]!)];
}

function withLength(node: Node, [x]: readonly Reals[]): Node {
  if (node.op !== 'Reshape') return node;
  return {...node, attributes: {shape: shapeOfValues(node.attributes.shape, x!.data.length)!}};
}

const evaluators: {readonly [Op in FloatOp]: Evaluate<Op>} = {
  Conv: ([x, weights, bias], {strides, pads, dilations, group}, outputShape) => {
    const [, outputs = 0] = outputShape;
    const [, channels = 0, kernelHeight = 0, kernelWidth = 0] = weights!.shape;
    return fill(outputShape, ([batch, output, row, column]) => {
      const firstChannel = Math.floor(output! / (outputs / group)) * channels;
      let sum = bias?.data[output!] ?? 0;
      for (let channel = 0; channel < channels; channel++) {
        for (let y = 0; y < kernelHeight; y++) {
          for (let z = 0; z < kernelWidth; z++) {
            const place = [
              batch!,
              firstChannel + channel,
              row! * strides[0] - pads[0] + y * dilations[0],
              column! * strides[1] - pads[1] + z * dilations[1],
            ];
            sum += (at(x!, place) ?? 0) * at(weights!, [output!, channel, y, z])!;
          }
        }
      }
      return sum;
    });
  },
  Gemm: ([x, weights, bias], _, outputShape) =>
    fill(outputShape, ([row, output]) => {
      let sum = bias?.data[output!] ?? 0;
      for (let k = 0; k < x!.shape[1]!; k++) sum += at(x!, [row!, k])! * at(weights!, [output!, k])!;
      return sum;
    }),
  AveragePool: ([x], attributes, outputShape) =>
    fill(outputShape, (place) => mean(windowOf(x!, place, attributes))),
  MaxPool: ([x], attributes, outputShape) =>
    fill(outputShape, (place) => Math.max(...windowOf(x!, place, attributes))),
  ReduceMean: ([x], {axes, keepDims}, outputShape) => {
    const kept = x!.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    return fill(outputShape, (place) => {
      const members: number[] = [];
      eachPlace(x!.shape, (from) => {
        const matches = kept.every((axis, index) => from[axis] === place[keepDims ? axis : index]);
        if (matches) members.push(at(x!, from)!);
      });
      return mean(members);
    });
  },
  Reshape: ([x], _, outputShape) => ({shape: outputShape, data: x!.data}),
  Transpose: ([x], {permutation}, outputShape) =>
    fill(outputShape, (place) => {
      const from: number[] = [];
      permutation.forEach((axis, index) => (from[axis] = place[index]!));
      return at(x!, from)!;
    }),
  Pad: ([x], {before, value}, outputShape) =>
    fill(
      outputShape,
      (place) =>
        at(
          x!,
          place.map((index, axis) => index - before[axis]!),
        ) ?? value,
    ),
  Concat: (inputs, {axis}, outputShape) =>
    fill(outputShape, (place) => {
      let offset = 0;
      for (const input of inputs) {
        const found = at(input, place.with(axis, place[axis]! - offset));
        if (found !== undefined) return found;
        offset += input.shape[axis]!;
      }
      return NaN;
    }),
  Slice: ([x], {axes, starts}, outputShape) =>
    fill(outputShape, (place) => {
      const from = place.map((index, axis) => index + (starts[axes.indexOf(axis)] ?? 0));
      return at(x!, from)!;
    }),
  Softmax: ([x], {axis, beta}, outputShape) =>
    fill(outputShape, (place) => {
      const line = Array.from(
        {length: x!.shape[axis]!},
        (_, index) => beta * at(x!, place.with(axis, index))!,
      );
      const peak = Math.max(...line);
      const total = line.reduce((sum, value) => sum + Math.exp(value - peak), 0);
      return Math.exp(line[place[axis]!]! - peak) / total;
    }),
  Sigmoid: ([x]) => map(x!, (value) => 1 / (1 + Math.exp(-value))),
  Relu: ([x]) => map(x!, (value) => Math.max(0, value)),
  Clip: ([x], {min, max}) => map(x!, (value) => Math.min(max, Math.max(min, value))),
  LeakyRelu: ([x], {alpha}) => map(x!, (value) => (value < 0 ? alpha * value : value)),
  Add: ([a, b], _, outputShape) =>
    fill(outputShape, (place) => broadcastAt(a!, place) + broadcastAt(b!, place)),
  Mul: ([a, b], _, outputShape) =>
    fill(outputShape, (place) => broadcastAt(a!, place) * broadcastAt(b!, place)),
  MatMul: evaluateMatMul,
  LayerNormalization: evaluateLayerNormalization,
  InstanceNormalization: evaluateInstanceNormalization,
  Gelu: evaluateGelu,
};

function windowOf(
  x: Reals,
  [batch, channel, row, column]: readonly number[],
  {kernel, strides, pads}: OpAttributes['MaxPool'],
): readonly number[] {
  const members: number[] = [];
  for (let y = 0; y < kernel[0]; y++) {
    for (let z = 0; z < kernel[1]; z++) {
      const place = [batch!, channel!, row! * strides[0] - pads[0] + y, column! * strides[1] - pads[1] + z];
      const member = at(x, place);
      if (member !== undefined) members.push(member);
    }
  }
  return members;
}
