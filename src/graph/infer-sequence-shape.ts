import type {OpAttributes} from './graph.ts';
import {ModelFormatError} from './model-format-error.ts';
import {requireAxis, requireShape, type Shape} from './require-shape.ts';
import {ANY_LENGTH, broadcastShapes, formatShape} from './shape.ts';

/** Products of matrices: the last two dimensions of each operand; those before broadcast. */
export function inferMatMul([a, b]: readonly Shape[]): Shape {
  const [left, right] = [a as Shape, b as Shape];
  const [rows, depth] = left.slice(-2);
  const [rightDepth, columns] = right.slice(-2);
  if (columns === undefined || rows === undefined || depth !== rightDepth) {
    throw new ModelFormatError(
      `MatMul of ${formatShape(left)} and ${formatShape(right)}`,
      'matrices of which the first is as wide as the second is high',
    );
  }
  return [...broadcastShapes(left.slice(0, -2), right.slice(0, -2)), rows, columns];
}

/** One layer of recurrent units: the outputs of all steps, then the last state. */
export function inferGru([x, w, r, bias, h0]: readonly Shape[]): readonly Shape[] {
  const [steps, batch, width] = requireRank3('Gru input', x as Shape);
  const [, , units] = requireRank3('Gru recurrence weights', r as Shape);
  requireShape('Gru recurrence weights', r as Shape, [1, 3 * units, units]);
  requireShape('Gru weights', w as Shape, [1, 3 * units, width]);
  requireShape('Gru bias', bias as Shape, [1, 6 * units]);
  const state = [1, batch, units];
  requireShape('Gru state', h0 as Shape, state);
  return [[steps, 1, batch, units], state];
}

/** Standardised over the dimensions from `axis` on: their sizes are those of scale and bias. */
export function inferLayerNormalization(
  {axis, epsilon}: OpAttributes['LayerNormalization'],
  [x, scale, bias]: readonly Shape[],
): Shape {
  const shape = x as Shape;
  requireAxis('LayerNormalization', axis, shape.length);
  requireEpsilon('LayerNormalization', epsilon);
  const normalised = shape.slice(axis);
  if (normalised.includes(ANY_LENGTH)) {
    throw new ModelFormatError(`LayerNormalization of ${formatShape(normalised)}`, 'known sizes');
  }
  requireShape('LayerNormalization scale', scale as Shape, normalised);
  requireShape('LayerNormalization bias', bias as Shape, normalised);
  return shape;
}

/** Standardised channel by channel, over whatever lies behind the channels. */
export function inferInstanceNormalization(
  {epsilon}: OpAttributes['InstanceNormalization'],
  [x, scale, bias]: readonly Shape[],
): Shape {
  const shape = x as Shape;
  requireEpsilon('InstanceNormalization', epsilon);
  const [, channels] = shape;
  if (channels === undefined || shape.length < 3) {
    throw new ModelFormatError(`InstanceNormalization of ${formatShape(shape)}`, '3 dimensions or more');
  }
  requireShape('InstanceNormalization scale', scale as Shape, [channels]);
  requireShape('InstanceNormalization bias', bias as Shape, [channels]);
  return shape;
}

function requireEpsilon(op: string, epsilon: number): void {
  if (epsilon >= 0 && Number.isFinite(epsilon)) return;
  throw new ModelFormatError(`${op} epsilon ${epsilon}`, 'a finite number of at least 0');
}

function requireRank3(what: string, shape: Shape): readonly [number, number, number] {
  if (shape.length === 3) return shape as unknown as [number, number, number];
  throw new ModelFormatError(`${what} of shape ${formatShape(shape)}`, '3 dimensions');
}
