import {cast} from './integer-steps.ts';
import type {Lowering} from './lowering.ts';
import type {OnnxBuilder} from './onnx-builder.ts';
import type {OnnxAttribute} from './onnx-graph.ts';
import {quantiseWeights, type ChannelLayout} from './quantise-weights.ts';
import {shiftToUint8, UINT8_SHIFT} from './uint8-shift.ts';

/** An activation as 8-bit integers: names of the values, the scale and the zero point, all computed at run time. */
export interface DynamicActivation {
  readonly values: string;
  readonly scale: string;
  readonly zeroPoint: string;
}

/** Weights as 8-bit integers: names of the values, of one scale per output channel, and of the zero point. */
export interface IntegerWeights {
  readonly values: string;
  readonly scale: string;
  readonly zeroPoint: string | undefined; // undefined where it is 0
}

/** How weights are to be stored. */
export interface WeightsLayout {
  readonly type: 'int8' | 'uint8';
  readonly shape: readonly number[];
  readonly scaleShape: readonly number[];
  readonly from: ChannelLayout;
  readonly to?: ChannelLayout; // default: as they lie
}

/** Adds the quantisation of an activation, by its smallest and largest value. */
export function addQuantised(x: string, builder: OnnxBuilder): DynamicActivation {
  const values = `/earshot/uint8/${x}`;
  const [scale, zeroPoint] = [`${values}/scale`, `${values}/zero`];
  builder.add('DynamicQuantizeLinear', [x], {outputs: [values, scale, zeroPoint]});
  return {values, scale, zeroPoint};
}

/**
 * Adds weights as 8-bit integers.
 * @param source name of the float32 constant; `use`: what they are for, since two ops may want them in different orders.
 */
export function addIntegerWeights(
  {source, use}: {readonly source: string | undefined; readonly use: string},
  {type, shape, scaleShape, from, to = from}: WeightsLayout,
  lowering: Lowering,
): IntegerWeights {
  const values = `/earshot/${use}/${String(source)}`;
  const scale = `${values}/scale`;
  const constants = [
    {name: values, type, shape},
    {name: scale, type: 'float32', shape: scaleShape},
  ] as const;
  lowering.derived(source, constants, (weights) => {
    const quantised = quantiseWeights(weights, from, to);
    const stored = type === 'int8' ? quantised.values : shiftToUint8(quantised.values);
    return [stored, quantised.scale];
  });
  const zeroPoint = type === 'int8' ? undefined : lowering.builder.scalar('uint8', UINT8_SHIFT);
  return {values, scale, zeroPoint};
}

/** A product of integers that is to be real numbers. */
export interface IntegerProduct {
  readonly op: 'MatMulInteger' | 'ConvInteger';
  readonly x: DynamicActivation;
  readonly weights: IntegerWeights;
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/**
 * Adds the product, in the order of which onnxruntime's optimiser makes one operator (MatMulIntegerToFloat; with a bias
 * that is added next, that too).
 * @returns the name of the real numbers: `output`, a fresh one where absent.
 */
export function addProduct(
  {op, x, weights, attributes = {}}: IntegerProduct,
  builder: OnnxBuilder,
  output?: string,
): string {
  const zeroPoints = weights.zeroPoint === undefined ? [x.zeroPoint] : [x.zeroPoint, weights.zeroPoint];
  const sums = builder.add(op, [x.values, weights.values, ...zeroPoints], {attributes});
  const scale = builder.add('Mul', [x.scale, weights.scale]);
  const real = cast(sums, 'float32', {builder});
  return builder.add('Mul', [real, scale], output === undefined ? {} : {output});
}
