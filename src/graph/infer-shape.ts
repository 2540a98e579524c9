import type {Node, OpAttributes, OpName, Pads} from './graph.ts';
import {ModelFormatError} from './model-format-error.ts';
import {isPermutation, permute} from './permutation.ts';
import {
  inferGru,
  inferInstanceNormalization,
  inferLayerNormalization,
  inferMatMul,
} from './infer-sequence-shape.ts';
import {isWholeCount, requireAxis, requireShape, type Shape} from './require-shape.ts';
import {
  ANY_LENGTH,
  broadcastShapes,
  checkOpenShape,
  countAnyLengths,
  formatNumbers,
  formatShape,
  knownElementCount,
} from './shape.ts';

type Shape4 = readonly [number, number, number, number];

type OneOutputOp = Exclude<OpName, 'Gru'>;
type Rule = (attributes: unknown, inputs: readonly Shape[]) => Shape;

/** One rule per op: the shape of the output from the attributes and the shapes of the inputs. */
const RULES: {
  readonly [Op in OneOutputOp]: (attributes: OpAttributes[Op], inputs: readonly Shape[]) => Shape;
} = {
  Conv: inferConv,
  Gemm: (_, inputs) => inferGemm(inputs),
  AveragePool: inferPool,
  MaxPool: inferPool,
  ReduceMean: inferReduceMean,
  Reshape: inferReshape,
  Transpose: inferTranspose,
  Pad: inferPad,
  Concat: inferConcat,
  Slice: inferSlice,
  Softmax: inferSoftmax,
  Add: (_, [a, b]) => broadcastShapes(a as Shape, b as Shape),
  Mul: (_, [a, b]) => broadcastShapes(a as Shape, b as Shape),
  MatMul: (_, inputs) => inferMatMul(inputs),
  LayerNormalization: inferLayerNormalization,
  InstanceNormalization: inferInstanceNormalization,
  Gelu: inferUnary,
  Sigmoid: inferUnary,
  Relu: inferUnary,
  Clip: inferClip,
  LeakyRelu: inferUnary,
  QuantizeLinear: inferUnary,
  DequantizeLinear: inferUnary,
};

/**
 * The shapes a node's outputs must have, in their order.
 * @param inputs shapes of the node's inputs, as many as the op takes.
 * @throws ModelFormatError where the inputs do not fit one another or the attributes.
 */
export function inferShapes(node: Node, inputs: readonly Shape[]): readonly Shape[] {
  if (node.op === 'Gru') return inferGru(inputs);
  return [(RULES[node.op] as Rule)(node.attributes, inputs)];
}

function inferUnary(_: unknown, [x]: readonly Shape[]): Shape {
  return x as Shape;
}

function inferConv(attributes: OpAttributes['Conv'], [x, weights, bias]: readonly Shape[]): Shape {
  const [batch, channels, height, width] = requireRank4('Conv input', x as Shape);
  const [outputs, groupChannels, kernelHeight, kernelWidth] = requireRank4('Conv weights', weights as Shape);
  const {group, strides, dilations, pads} = attributes;
  requirePositive('Conv group, strides and dilations', [group, ...strides, ...dilations]);
  requirePads(pads, [batch, channels, height, width]);
  if (groupChannels * group !== channels || outputs % group !== 0) {
    throw new ModelFormatError(
      `Conv of ${channels} channels with weights ${formatShape(weights as Shape)} in ${group} groups`,
      'input channels = group × weight channels, outputs a multiple of group',
    );
  }
  if (bias !== undefined) requireShape('Conv bias', bias, [outputs]);
  const spanHeight = (kernelHeight - 1) * dilations[0] + 1;
  const spanWidth = (kernelWidth - 1) * dilations[1] + 1;
  return [
    batch,
    outputs,
    slide(grow(height, pads[0] + pads[2]), spanHeight, strides[0]),
    slide(grow(width, pads[1] + pads[3]), spanWidth, strides[1]),
  ];
}

function inferGemm([x, weights, bias]: readonly Shape[]): Shape {
  const [rows, depth] = requireRank2('Gemm input', x as Shape);
  const [outputs, weightDepth] = requireRank2('Gemm weights', weights as Shape);
  if (depth !== weightDepth) {
    throw new ModelFormatError(
      `Gemm of ${formatShape(x as Shape)} with weights ${formatShape(weights as Shape)}`,
      'the same last dimension',
    );
  }
  if (bias !== undefined) requireShape('Gemm bias', bias, [outputs]);
  return [rows, outputs];
}

function inferPool(attributes: OpAttributes['AveragePool'], [x]: readonly Shape[]): Shape {
  const [batch, channels, height, width] = requireRank4('pool input', x as Shape);
  const {kernel, strides, pads} = attributes;
  requirePositive('pool kernel and strides', [...kernel, ...strides]);
  requirePads(pads, [batch, channels, height, width]);
  // a window that lies in the padding alone has no mean and no maximum
  if (Math.max(pads[0], pads[2]) >= kernel[0] || Math.max(pads[1], pads[3]) >= kernel[1]) {
    throw new ModelFormatError(`pool pads ${formatNumbers(pads)}`, 'pads smaller than the kernel');
  }
  return [
    batch,
    channels,
    slide(grow(height, pads[0] + pads[2]), kernel[0], strides[0]),
    slide(grow(width, pads[1] + pads[3]), kernel[1], strides[1]),
  ];
}

function inferReduceMean({axes, keepDims}: OpAttributes['ReduceMean'], [x]: readonly Shape[]): Shape {
  const shape = x as Shape;
  for (const axis of axes) requireAxis('ReduceMean', axis, shape.length);
  if (axes.length === 0 || new Set(axes).size !== axes.length) {
    throw new ModelFormatError(`ReduceMean axes ${formatNumbers(axes)}`, 'at least one axis, each once');
  }
  return keepDims
    ? shape.map((size, dimension) => (axes.includes(dimension) ? 1 : size))
    : shape.filter((_, dimension) => !axes.includes(dimension));
}

// One size of any length stays one; of two, their product would have to be told apart from other sizes.
function inferReshape(attributes: OpAttributes['Reshape'], [x]: readonly Shape[]): Shape {
  const [before, after] = [x as Shape, attributes.shape];
  checkOpenShape(after, 'a Reshape');
  const [anyBefore, anyAfter] = [countAnyLengths(before), countAnyLengths(after)];
  if (knownElementCount(after) !== knownElementCount(before) || anyBefore !== anyAfter) {
    throw new ModelFormatError(
      `Reshape of ${formatShape(before)} to ${formatShape(after)}`,
      'as many values before as after',
    );
  }
  if (anyAfter <= 1) return after;
  throw new ModelFormatError(`Reshape to ${formatShape(after)}`, 'one size of any length at most');
}

function inferTranspose({permutation}: OpAttributes['Transpose'], [x]: readonly Shape[]): Shape {
  const shape = x as Shape;
  if (!isPermutation(permutation, shape.length)) {
    throw new ModelFormatError(
      `Transpose permutation ${formatNumbers(permutation)}`,
      `each of the ${shape.length} dimensions once`,
    );
  }
  return permute(shape, permutation);
}

function inferPad({before, after}: OpAttributes['Pad'], [x]: readonly Shape[]): Shape {
  const shape = x as Shape;
  const isValid = (pads: readonly number[]) => pads.length === shape.length && pads.every(isWholeCount);
  if (!isValid(before) || !isValid(after)) {
    throw new ModelFormatError(
      `Pad before ${formatNumbers(before)}, after ${formatNumbers(after)}`,
      `${shape.length} counts of at least 0 each`,
    );
  }
  return shape.map((size, dimension) =>
    grow(size, (before[dimension] as number) + (after[dimension] as number)),
  );
}

function inferConcat({axis}: OpAttributes['Concat'], inputs: readonly Shape[]): Shape {
  const first = inputs[0] as Shape;
  requireAxis('Concat', axis, first.length);
  const withAxis = (shape: Shape, size: number) =>
    shape.map((own, dimension) => (dimension === axis ? size : own));
  for (const shape of inputs) requireShape('Concat input', withAxis(shape, 0), withAxis(first, 0));
  const sizes = inputs.map((shape) => shape[axis] as number);
  const isAny = sizes.includes(ANY_LENGTH);
  return withAxis(first, isAny ? ANY_LENGTH : sizes.reduce((sum, size) => sum + size, 0));
}

function inferSlice({axes, starts, ends}: OpAttributes['Slice'], [x]: readonly Shape[]): Shape {
  const shape = x as Shape;
  for (const axis of axes) requireAxis('Slice', axis, shape.length);
  if (axes.length === 0 || new Set(axes).size !== axes.length) {
    throw new ModelFormatError(`Slice axes ${formatNumbers(axes)}`, 'at least one axis, each once');
  }
  const sizes = axes.map((_, index) => (ends[index] as number) - (starts[index] as number));
  const isInside = axes.every((axis, index) => {
    const [start, end] = [starts[index] as number, ends[index] as number];
    return isWholeCount(start) && isWholeCount(end) && start < end && end <= (shape[axis] as number);
  });
  if (starts.length !== axes.length || ends.length !== axes.length || !isInside) {
    throw new ModelFormatError(
      `Slice of ${formatShape(shape)} along ${formatNumbers(axes)} from ${formatNumbers(starts)} to ${formatNumbers(ends)}`,
      'one start and one later end within the size for each axis',
    );
  }
  return shape.map((size, dimension) => sizes[axes.indexOf(dimension)] ?? size);
}

function inferSoftmax({axis, beta}: OpAttributes['Softmax'], [x]: readonly Shape[]): Shape {
  requireAxis('Softmax', axis, (x as Shape).length);
  if (!Number.isFinite(beta)) throw new ModelFormatError(`Softmax beta ${beta}`, 'a finite number');
  return x as Shape;
}

function inferClip({min, max}: OpAttributes['Clip'], [x]: readonly Shape[]): Shape {
  if (!(min <= max)) throw new ModelFormatError(`Clip from ${min} to ${max}`, 'min ≤ max');
  return x as Shape;
}

/** A size with pads; any length stays any. */
function grow(size: number, by: number): number {
  return size === ANY_LENGTH ? ANY_LENGTH : size + by;
}

/** How many places a window of `span` cells has on `cells` cells. */
function slide(cells: number, span: number, stride: number): number {
  if (cells === ANY_LENGTH) return ANY_LENGTH;
  if (span > cells)
    throw new ModelFormatError(`a window of ${span} cells`, `at most ${cells}, pads included`);
  return Math.floor((cells - span) / stride) + 1;
}

function requirePositive(what: string, values: readonly number[]): void {
  if (values.every((value) => Number.isInteger(value) && value > 0)) return;
  throw new ModelFormatError(`${what} ${formatNumbers(values)}`, 'positive whole numbers');
}

/** Pads are counts, and the plane they make may be no larger than a tensor: engines pad before they compute. */
function requirePads(pads: Pads, [batch, channels, height, width]: Shape4): void {
  if (!pads.every(isWholeCount)) {
    throw new ModelFormatError(`pads ${formatNumbers(pads)}`, 'whole numbers of at least 0');
  }
  const padded = [batch, channels, grow(height, pads[0] + pads[2]), grow(width, pads[1] + pads[3])];
  checkOpenShape(padded, 'the padded input');
}

function requireRank4(what: string, shape: Shape): Shape4 {
  if (shape.length === 4) return shape as unknown as Shape4;
  throw new ModelFormatError(`${what} of shape ${formatShape(shape)}`, '4 dimensions');
}

function requireRank2(what: string, shape: Shape): [number, number] {
  if (shape.length === 2) return shape as unknown as [number, number];
  throw new ModelFormatError(`${what} of shape ${formatShape(shape)}`, '2 dimensions');
}
