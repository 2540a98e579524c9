import type {Graph, Node, OpAttributes, OpName} from '../../src/graph/graph.ts';
import {tensorOf} from '../../src/graph/tensor-of.ts';

/** Real numbers with a shape, row-major. */
export interface Reals {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

type Evaluate<Op extends OpName> = (
  inputs: readonly Reals[],
  attributes: OpAttributes[Op],
  outputShape: readonly number[],
) => Reals;

type FloatOp = Exclude<OpName, 'QuantizeLinear' | 'DequantizeLinear'>;

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
    values.set(name, {shape: tensorOf(graph, name).shape, data: Float64Array.from(inputs[index]!)});
  });
  for (const node of graph.nodes) {
    const [output = ''] = node.outputs;
    values.set(output, amend(output, evaluateNode(node, values, tensorOf(graph, output).shape)));
  }
  return values;
}

function evaluateNode(node: Node, values: ReadonlyMap<string, Reals>, outputShape: readonly number[]): Reals {
  const evaluate = evaluators[node.op as FloatOp] as Evaluate<OpName>;
  const inputs = node.inputs.map((name) => values.get(name)!);
  return evaluate(inputs, node.attributes, outputShape);
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
};

/** The element at a place; undefined where the place lies outside. */
function at({shape, data}: Reals, place: readonly number[]): number | undefined {
  let index = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const along = place[axis]!;
    if (along < 0 || along >= shape[axis]!) return undefined;
    index = index * shape[axis]! + along;
  }
  return data[index];
}

function broadcastAt(x: Reals, place: readonly number[]): number {
  const aligned = place.slice(place.length - x.shape.length);
  return at(
    x,
    aligned.map((index, axis) => (x.shape[axis] === 1 ? 0 : index)),
  )!;
}

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

function fill(shape: readonly number[], valueAt: (place: number[]) => number): Reals {
  const values: number[] = [];
  eachPlace(shape, (place) => values.push(valueAt(place)));
  return {shape, data: Float64Array.from(values)};
}

function map({shape, data}: Reals, change: (value: number) => number): Reals {
  return {shape, data: data.map(change)};
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function eachPlace(shape: readonly number[], visit: (place: number[]) => void, prefix: number[] = []): void {
  if (prefix.length === shape.length) return visit(prefix);
  for (let index = 0; index < shape[prefix.length]!; index++) eachPlace(shape, visit, [...prefix, index]);
}
