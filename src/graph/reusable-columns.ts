import {isConstant, type Graph, type Node, type OpName, type Tensor} from './graph.ts';
import {countAnyLengths, elementCount, formatShape} from './shape.ts';
import {tensorOf} from './tensor-of.ts';
import {countColumns, timeAxis, type Columns, type TimeLine} from './time-line.ts';

/** What one node computes, and how much of that an earlier window computed before. */
export interface LayerReuse {
  readonly node: Node;
  /** Frames from the start of the window that has the columns to this one's. */
  readonly shift: number;
  /** Of all columns. Conv and Gemm only, taps in the padding included; the other ops have none. */
  readonly multiplyAdds: number;
  /** Undefined from where time is mixed as a whole: pooled, or by an op that this does not follow. */
  readonly time: TimeLine | undefined;
}

/** Two windows and what is asked of them. */
export interface ReuseQuestion {
  /** Frames of the graph's input, time-major. */
  readonly frameCount: number;
  /** Frames from the earlier window's start to the newer one's, at least 1. */
  readonly shift: number;
  /**
   * What the newer window's start does: `exact`: what its padding reaches is computed anew. `kept`: the earlier
   * window's values stand, which saw real frames where the newer one has padding; not the same network any more.
   */
  readonly start?: 'exact' | 'kept';
}

const NONE: Columns = {first: 0, end: 0};

const VALUE_BY_VALUE: ReadonlySet<OpName> = new Set<OpName>([
  'Relu',
  'Clip',
  'LeakyRelu',
  'Sigmoid',
  'Gelu',
  'QuantizeLinear',
  'DequantizeLinear',
]);

/**
 * Follows time through a graph and finds the columns of each node's output that need not be computed again: all
 * frames they see are in both windows, no padding is among them in either, and the shift is whole columns. Gemm,
 * ReduceMean, Transpose, Pad and Concat end it: no system has them before time is pooled.
 * @returns one row a node, in the graph's order.
 * @throws RangeError where the shift is not a whole number of at least 1, or the input is not whole frames.
 */
export function findReusableColumns(graph: Graph, question: ReuseQuestion): readonly LayerReuse[] {
  const {frameCount, shift} = question;
  if (!(Number.isSafeInteger(shift) && shift >= 1)) {
    throw new RangeError(`got a shift of ${shift} frames, expected a whole number of at least 1`);
  }
  const input = tensorOf(graph, graph.inputs[0]);
  if (countAnyLengths(input.shape) > 0 || elementCount(input.shape) % frameCount !== 0) {
    throw new RangeError(`got an input of ${formatShape(input.shape)}, expected ${frameCount} whole frames`);
  }
  const times = new Map<string, TimeLine | undefined>([[input.name, timeOfInput(question)]]);
  return graph.nodes.map((node) => {
    const time = followNode(graph, node, times, question);
    for (const name of node.outputs) times.set(name, time);
    return {node, shift, multiplyAdds: countMultiplyAdds(graph, node), time};
  });
}

/** The graph's input along time: the frames that both windows have are reusable. */
export function timeOfInput({frameCount, shift}: ReuseQuestion): TimeLine {
  const reusable = {first: 0, end: Math.max(0, frameCount - shift)};
  return {outerCount: 1, columnCount: frameCount, framesPerColumn: 1, reusable};
}

/** Share of a window's multiply-adds that need not be done again, 0…1. */
export function reusableShare(layers: readonly LayerReuse[]): number {
  let all = 0;
  let reusable = 0;
  for (const {multiplyAdds, time} of layers) {
    all += multiplyAdds;
    if (time) reusable += (multiplyAdds * countColumns(time.reusable)) / time.columnCount;
  }
  return reusable / all;
}

function followNode(
  graph: Graph,
  node: Node,
  times: ReadonlyMap<string, TimeLine | undefined>,
  question: ReuseQuestion,
): TimeLine | undefined {
  const time = times.get(node.inputs[0] ?? '');
  const output = tensorOf(graph, node.outputs[0]);
  switch (node.op) {
    case 'Conv':
    case 'AveragePool':
    case 'MaxPool':
      return time && slideOver(graph, node, time, question);
    case 'Add':
    case 'Mul':
      return combine(graph, node, times);
    case 'Softmax':
      return time && timeAxis(output.shape, time) !== node.attributes.axis ? time : undefined;
    case 'Reshape': // row-major, so time stays where it is as long as it is a dimension of its own
      return time && timeAxis(output.shape, time) >= 0 ? time : undefined;
    default:
      return VALUE_BY_VALUE.has(node.op) ? time : undefined;
  }
}

function slideOver(graph: Graph, node: Node, time: TimeLine, question: ReuseQuestion): TimeLine | undefined {
  const output = tensorOf(graph, node.outputs[0]);
  const window = slidingAlong(graph, node, time);
  if (!window || window.span >= time.columnCount) return undefined; // pooled
  const {axis, span, stride, padBefore} = window;
  const framesPerColumn = time.framesPerColumn * stride;
  const {first, end} = time.reusable;
  const firstFitting = question.start === 'kept' ? 0 : Math.ceil((first + padBefore) / stride);
  const endFitting = Math.floor((end - span + padBefore) / stride) + 1;
  const isWhole = question.shift % framesPerColumn === 0;
  const isEmpty = !isWhole || first === end || endFitting <= firstFitting;
  return {
    outerCount: elementCount(output.shape.slice(0, axis)),
    columnCount: output.shape[axis] ?? 0,
    framesPerColumn,
    reusable: isEmpty ? NONE : {first: firstFitting, end: endFitting},
  };
}

/** The window that a node slides along time. */
export interface SlidingWindow {
  /** Dimension of its input and its output: 2 for height, 3 for width. */
  readonly axis: number;
  /** Columns of the input under it. */
  readonly span: number;
  readonly stride: number;
  readonly padBefore: number;
}

/** The window that the node slides along time, which its input has as told; undefined where it slides none. */
export function slidingAlong(graph: Graph, node: Node, time: TimeLine): SlidingWindow | undefined {
  if (node.op !== 'Conv' && node.op !== 'AveragePool' && node.op !== 'MaxPool') return undefined;
  const axis = timeAxis(tensorOf(graph, node.inputs[0]).shape, time);
  if (axis < 2) return undefined;
  const {strides, pads} = node.attributes;
  const cells =
    node.op === 'Conv' ? tensorOf(graph, node.inputs[1]).shape[axis] : node.attributes.kernel[axis - 2];
  const dilation = node.op === 'Conv' ? (node.attributes.dilations[axis - 2] ?? 1) : 1;
  return {
    axis,
    span: ((cells ?? 1) - 1) * dilation + 1,
    stride: strides[axis - 2] ?? 1,
    padBefore: pads[axis - 2] ?? 0,
  };
}

/** Sum or product: the columns that are reusable in both; a constant must be the same at all times. */
function combine(
  graph: Graph,
  node: Node,
  times: ReadonlyMap<string, TimeLine | undefined>,
): TimeLine | undefined {
  const output = tensorOf(graph, node.outputs[0]);
  const operands = node.inputs.map((name) => tensorOf(graph, name));
  const [line, ...others] = operands.flatMap(({name}) => times.get(name) ?? []);
  if (!line || operands.some((operand) => !times.get(operand.name) && !isTimeless(operand, output, line))) {
    return undefined;
  }
  return others.reduce<TimeLine | undefined>((sum, other) => sum && intersect(sum, other), line);
}

/** Whether a constant is the same for every column of the output that it is broadcast to. */
function isTimeless(constant: Tensor, output: Tensor, line: TimeLine): boolean {
  const {shape} = constant;
  const axis = timeAxis(output.shape, line) - (output.shape.length - shape.length);
  return isConstant(constant) && (axis < 0 || shape[axis] === 1);
}

function intersect(a: TimeLine, b: TimeLine): TimeLine | undefined {
  const isSameLine = a.outerCount === b.outerCount && a.columnCount === b.columnCount;
  if (!isSameLine || a.framesPerColumn !== b.framesPerColumn) return undefined;
  const first = Math.max(a.reusable.first, b.reusable.first);
  const end = Math.min(a.reusable.end, b.reusable.end);
  return {...a, reusable: end > first ? {first, end} : NONE};
}

function countMultiplyAdds(graph: Graph, node: Node): number {
  if (node.op !== 'Conv' && node.op !== 'Gemm') return 0;
  const taps = elementCount(tensorOf(graph, node.inputs[1]).shape.slice(1));
  return taps * elementCount(tensorOf(graph, node.outputs[0]).shape);
}
