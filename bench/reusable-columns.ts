import type {Graph, Node, OpName, Tensor} from '../src/graph/graph.ts';
import {elementCount} from '../src/graph/shape.ts';
import {tensorOf} from '../src/graph/tensor-of.ts';

/** Columns of a tensor along time, from `first` up to, not including, `end`; none where they are equal. */
export interface Columns {
  readonly first: number;
  readonly end: number;
}

/** A tensor along time: values lie row-major as [outerCount × columnCount × the rest]. */
export interface TimeLine {
  readonly outerCount: number;
  readonly columnCount: number;
  /** Frames from one column to the next: the product of the strides so far. */
  readonly framesPerColumn: number;
  /** Columns whose values an earlier window has too, to the bit: column c is its c + shift / framesPerColumn. */
  readonly reusable: Columns;
}

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

type Sliding = Extract<Node, {op: 'Conv' | 'AveragePool' | 'MaxPool'}>;

const NONE: Columns = {first: 0, end: 0};

const VALUE_BY_VALUE: ReadonlySet<OpName> = new Set<OpName>([
  'Relu',
  'Clip',
  'LeakyRelu',
  'Sigmoid',
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
  if (elementCount(input.shape) % frameCount !== 0) {
    throw new RangeError(`got an input of [${input.shape.join(', ')}], expected ${frameCount} whole frames`);
  }
  const shared = {first: 0, end: Math.max(0, frameCount - shift)};
  const start = {outerCount: 1, columnCount: frameCount, framesPerColumn: 1, reusable: shared};
  const times = new Map<string, TimeLine | undefined>([[input.name, start]]);
  return graph.nodes.map((node) => {
    const time = followNode(graph, node, times, question);
    for (const name of node.outputs) times.set(name, time);
    return {node, shift, multiplyAdds: countMultiplyAdds(graph, node), time};
  });
}

/**
 * The same with a cache for every phase of the strides: each node takes its columns from the newest earlier window
 * that is whole columns away, lcm(hop, framesPerColumn) / hop hops ago.
 */
export function findReusableInPhases(graph: Graph, question: ReuseQuestion): readonly LayerReuse[] {
  const plain = findReusableColumns(graph, question);
  const periods = plain.map(({time}) => time?.framesPerColumn ?? 1);
  const hopCounts = Array.from({length: Math.max(1, ...periods)}, (_, index) => index + 1);
  const byHops = hopCounts.map((hops) =>
    findReusableColumns(graph, {...question, shift: hops * question.shift}),
  );
  return plain.map((layer, index) => {
    const period = periods[index] ?? 1;
    const nearest = hopCounts.findIndex((hops) => (hops * question.shift) % period === 0);
    return byHops[nearest]?.[index] ?? layer;
  });
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

/** How many columns these are. */
export function countColumns({first, end}: Columns): number {
  return end - first;
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

/** The dimension that is time; −1 where time is no dimension of its own. */
export function timeAxis(shape: readonly number[], {outerCount, columnCount}: TimeLine): number {
  return shape.findIndex(
    (size, axis) => size === columnCount && elementCount(shape.slice(0, axis)) === outerCount,
  );
}

function slideOver(
  graph: Graph,
  node: Sliding,
  time: TimeLine,
  question: ReuseQuestion,
): TimeLine | undefined {
  const output = tensorOf(graph, node.outputs[0]);
  const axis = timeAxis(tensorOf(graph, node.inputs[0]).shape, time);
  if (axis < 2) return undefined;
  const {span, stride, padBefore} = windowAlong(graph, node, axis - 2);
  if (span >= time.columnCount) return undefined; // pooled
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

/** The window that slides along one of the two spatial dimensions: 0 is height, 1 width. */
function windowAlong(
  graph: Graph,
  node: Sliding,
  side: number,
): {span: number; stride: number; padBefore: number} {
  const {strides, pads} = node.attributes;
  const cells =
    node.op === 'Conv' ? tensorOf(graph, node.inputs[1]).shape[2 + side] : node.attributes.kernel[side];
  const dilation = node.op === 'Conv' ? (node.attributes.dilations[side] ?? 1) : 1;
  return {
    span: ((cells ?? 1) - 1) * dilation + 1,
    stride: strides[side] ?? 1,
    padBefore: pads[side] ?? 0,
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
function isTimeless({shape, data}: Tensor, output: Tensor, line: TimeLine): boolean {
  const axis = timeAxis(output.shape, line) - (output.shape.length - shape.length);
  return data !== undefined && (axis < 0 || shape[axis] === 1);
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
