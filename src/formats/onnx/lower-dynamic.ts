import {isConstant} from '../../graph/graph.ts';
import {elementCount} from '../../graph/shape.ts';
import {cast} from './integer-steps.ts';
import type {Lowering, LowerTable, NodeOf} from './lowering.ts';
import {convolutionAttributes, outputName, plainLowerings} from './lower-plain.ts';
import {quantiseWeights, type ChannelLayout} from './quantise-weights.ts';
import {shiftToUint8, UINT8_SHIFT} from './uint8-shift.ts';

/** An activation as 8-bit integers: names of the values, the scale and the zero point, all computed at run time. */
interface Quantised {
  readonly values: string;
  readonly scale: string;
  readonly zeroPoint: string;
}

type LayerNode = NodeOf<'MatMul' | 'Gemm' | 'Conv'>;

/** Weights as 8-bit integers: names of the values, of one scale per output channel, and of the zero point. */
interface Weights {
  readonly values: string;
  readonly scale: string;
  readonly zeroPoint: string | undefined; // undefined where it is 0
}

/**
 * How each op of a float32 network is said with 8-bit weights: layers with constant weights multiply integers, the rest
 * stays in float32. Weights have one scale per output channel, activations one per run, from their smallest and largest
 * value (DynamicQuantizeLinear). Convolutions whose weights have one input channel stay in float32 too: those over the
 * signal itself, and depthwise ones; integers make them slower (docs/decisions/0015).
 * One table per network: it remembers which activations are quantised already.
 */
export function createDynamicLowerings(): LowerTable {
  const quantised = new Map<string, Quantised>();
  const quantise = (name: string | undefined, lowering: Lowering): Quantised => {
    const x = lowering.plain(name);
    const known = quantised.get(x);
    if (known) return known;
    const made = addQuantised(x, lowering);
    quantised.set(x, made);
    return made;
  };
  return {
    ...plainLowerings,
    MatMul(node, lowering) {
      const [x, w] = node.inputs;
      const {shape} = lowering.tensor(w);
      if (!isConstant(lowering.tensor(w)) || shape.length !== 2) {
        plainLowerings.MatMul(node, lowering);
        return;
      }
      const [, outputs = 0] = shape;
      const columns = {channelCount: outputs, channelStep: 1, step: outputs};
      const layout = {type: 'int8', shape, scaleShape: [outputs], from: columns} as const;
      const weights = addWeights(node, layout, lowering);
      addLayer(node, {op: 'MatMulInteger', x: quantise(x, lowering), weights}, lowering);
    },
    Gemm(node, lowering) {
      const [x, w] = node.inputs;
      if (!isConstant(lowering.tensor(w))) {
        plainLowerings.Gemm(node, lowering);
        return;
      }
      const [outputs = 0, depth = 0] = lowering.tensor(w).shape;
      const from = {channelCount: outputs, channelStep: depth, step: 1};
      const to = {channelCount: outputs, channelStep: 1, step: outputs};
      const layout = {type: 'int8', shape: [depth, outputs], scaleShape: [outputs], from, to} as const;
      const weights = addWeights(node, layout, lowering);
      addLayer(node, {op: 'MatMulInteger', x: quantise(x, lowering), weights}, lowering);
    },
    Conv(node, lowering) {
      const [x, w] = node.inputs;
      const {shape} = lowering.tensor(w);
      const [outputs = 0, ...window] = shape;
      if (!isConstant(lowering.tensor(w)) || window[0] === 1) {
        plainLowerings.Conv(node, lowering);
        return;
      }
      const from = {channelCount: outputs, channelStep: elementCount(window), step: 1};
      // signed weights have no fast path in ConvInteger: 5 to 7 times the time of float32
      const weights = addWeights(node, {type: 'uint8', shape, scaleShape: [outputs, 1, 1], from}, lowering);
      addLayer(node, {op: 'ConvInteger', x: quantise(x, lowering), weights}, lowering);
    },
  };
}

function addQuantised(x: string, {builder}: Lowering): Quantised {
  const values = `/earshot/uint8/${x}`;
  const [scale, zeroPoint] = [`${values}/scale`, `${values}/zero`];
  builder.add('DynamicQuantizeLinear', [x], {outputs: [values, scale, zeroPoint]});
  return {values, scale, zeroPoint};
}

interface WeightsLayout {
  readonly type: 'int8' | 'uint8';
  readonly shape: readonly number[];
  readonly scaleShape: readonly number[];
  readonly from: ChannelLayout;
  readonly to?: ChannelLayout; // default: as they lie
}

function addWeights(
  {op, inputs: [, name]}: LayerNode,
  {type, shape, scaleShape, from, to = from}: WeightsLayout,
  lowering: Lowering,
): Weights {
  const values = `/earshot/${op}/${String(name)}`; // two ops may want the same weights in different orders
  const scale = `${values}/scale`;
  const constants = [
    {name: values, type, shape},
    {name: scale, type: 'float32', shape: scaleShape},
  ] as const;
  lowering.derived(name, constants, (weights) => {
    const quantised = quantiseWeights(weights, from, to);
    const stored = type === 'int8' ? quantised.values : shiftToUint8(quantised.values);
    return [stored, quantised.scale];
  });
  const zeroPoint = type === 'int8' ? undefined : lowering.builder.scalar('uint8', UINT8_SHIFT);
  return {values, scale, zeroPoint};
}

interface IntegerLayer {
  readonly op: 'MatMulInteger' | 'ConvInteger';
  readonly x: Quantised;
  readonly weights: Weights;
}

// in this order onnxruntime's optimiser makes one operator of it all (MatMulIntegerToFloat), with the bias
function addLayer(node: LayerNode, layer: IntegerLayer, lowering: Lowering): void {
  const {builder} = lowering;
  const {op, x, weights} = layer;
  const attributes = node.op === 'Conv' ? convolutionAttributes(node.attributes) : {};
  const zeroPoints = weights.zeroPoint === undefined ? [x.zeroPoint] : [x.zeroPoint, weights.zeroPoint];
  const sums = builder.add(op, [x.values, weights.values, ...zeroPoints], {attributes});
  const scale = builder.add('Mul', [x.scale, weights.scale]);
  const output = outputName(node);
  const bias = node.inputs[2];
  const products = [cast(sums, 'float32', lowering), scale];
  if (bias === undefined) {
    builder.add('Mul', products, {output});
    return;
  }
  const unbiased = builder.add('Mul', products);
  builder.add('Add', [unbiased, biasOf(node.op, bias, lowering)], {output});
}

function biasOf(op: LayerNode['op'], name: string, lowering: Lowering): string {
  if (op !== 'Conv') return lowering.plain(name);
  const outputs = elementCount(lowering.tensor(name).shape);
  const along = `/earshot/along/${name}`;
  lowering.derived(name, [{name: along, type: 'float32', shape: [outputs, 1, 1]}], (values) => [values]);
  return along;
}
