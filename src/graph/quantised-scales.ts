import type {Node} from './graph.ts';
import {ModelFormatError} from './model-format-error.ts';

/** How the stored values of a tensor are to be read: real = scale · (stored − zeroPoint). */
export interface OneScale {
  readonly scale: number;
  readonly zeroPoint: number;
}

type Scale = Pick<OneScale, 'scale'>;

/** Bits of the larger multiplier of an addition: it lies in [2^20, 2^21). */
const ADD_MULTIPLIER_BITS = 20;

/** An addition at fixed point: (Σ multiplier · operand) / 2^shift. */
export interface AddFactors {
  readonly multipliers: readonly number[];
  readonly shift: number;
}

/** What the operands of an addition are multiplied by (XNNPACK's `xnn_init_qs8_add_minmax_*_params`). */
export function addFactors(operands: readonly Scale[], y: Scale): AddFactors {
  const ratios = operands.map(({scale}) => Math.fround(Math.fround(scale) / Math.fround(y.scale)));
  const shift = ADD_MULTIPLIER_BITS - Math.floor(Math.log2(Math.max(...ratios)));
  const multipliers = ratios.map((ratio) => Math.round(ratio * 2 ** shift)); // exact ties do not occur below 2^24
  return {multipliers, shift};
}

/** What products of stored values are multiplied by (XNNPACK's `fp32` parameters): float32 at each step. */
export function productScale(a: Scale, b: Scale, y: Scale): number {
  const product = Math.fround(Math.fround(a.scale) * Math.fround(b.scale));
  return Math.fround(product / Math.fround(y.scale));
}

/** What a sum of `count` stored values is multiplied by to be a mean (XNNPACK's global average pooling). */
export function meanScale(x: Scale, y: Scale, count: number): number {
  return Math.fround(Math.fround(x.scale) / Math.fround(Math.fround(y.scale) * count));
}

/**
 * Refuses a node that would have to change scales between its tensors. TFLite refuses such a network too.
 * @throws ModelFormatError
 */
export function requireSameQuantisation({op}: Pick<Node, 'op'>, all: readonly OneScale[]): void {
  const [first] = all;
  const other = all.find(({scale, zeroPoint}) => scale !== first?.scale || zeroPoint !== first.zeroPoint);
  if (!other || !first) return;
  throw new ModelFormatError(
    `${op} of scales ${first.scale} and ${other.scale}, zero points ${first.zeroPoint} and ${other.zeroPoint}`,
    'one scale and zero point',
  );
}
