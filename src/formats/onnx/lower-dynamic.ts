import {isConstant} from '../../graph/graph.ts';
import {elementCount} from '../../graph/shape.ts';
import {addConvOverSteps, isShortOverSteps} from './conv-over-steps.ts';
import {
  addIntegerWeights,
  addProduct,
  addQuantised,
  type DynamicActivation,
  type IntegerProduct,
  type IntegerWeights,
  type WeightsLayout,
} from './dynamic-integers.ts';
import {lowerDynamicGru} from './lower-dynamic-gru.ts';
import type {Lowering, LowerTable, NodeOf} from './lowering.ts';
import {convolutionAttributes, outputName, plainLowerings} from './lower-plain.ts';

type LayerNode = NodeOf<'MatMul' | 'Gemm' | 'Conv'>;

/**
 * How each op of a float32 network is said with 8-bit weights: layers with constant weights multiply integers, the rest
 * stays in float32. Weights have one scale per output channel, activations one per run, from their smallest and largest
 * value (DynamicQuantizeLinear); those that a short convolution over steps reads, one per step. Convolutions whose
 * weights have one input channel stay in float32 too: those over the signal itself, and depthwise ones; integers make
 * them slower (docs/decisions/0015).
 * One table per network: it remembers which activations are quantised already.
 */
export function createDynamicLowerings(): LowerTable {
  const quantised = new Map<string, DynamicActivation>();
  const quantise = (name: string | undefined, lowering: Lowering): DynamicActivation => {
    const x = lowering.plain(name);
    const known = quantised.get(x);
    if (known) return known;
    const made = addQuantised(x, lowering.builder);
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
      if (isShortOverSteps(node, lowering)) {
        addBiased(node, (output) => addConvOverSteps(node, lowering, output), lowering);
        return;
      }
      const from = {channelCount: outputs, channelStep: elementCount(window), step: 1};
      // signed weights have no fast path in ConvInteger: 5 to 7 times the time of float32
      const weights = addWeights(node, {type: 'uint8', shape, scaleShape: [outputs, 1, 1], from}, lowering);
      addLayer(node, {op: 'ConvInteger', x: quantise(x, lowering), weights}, lowering);
    },
    Gru(node, lowering) {
      lowerDynamicGru(node, quantise(node.inputs[0], lowering), lowering);
    },
  };
}

function addWeights({op, inputs}: LayerNode, layout: WeightsLayout, lowering: Lowering): IntegerWeights {
  return addIntegerWeights({source: inputs[1], use: op}, layout, lowering);
}

function addLayer(node: LayerNode, product: IntegerProduct, lowering: Lowering): void {
  const attributes = node.op === 'Conv' ? convolutionAttributes(node.attributes) : {};
  addBiased(node, (output) => addProduct({...product, attributes}, lowering.builder, output), lowering);
}

/**
 * Adds a layer and its bias, where it has one.
 * @param add adds the layer alone, under the name that is given, and gives its name.
 */
function addBiased(node: LayerNode, add: (output?: string) => string, lowering: Lowering): void {
  const bias = node.inputs[2];
  if (bias === undefined) {
    add(outputName(node));
    return;
  }
  const sum = [add(), biasOf(node.op, bias, lowering)];
  lowering.builder.add('Add', sum, {output: outputName(node)});
}

function biasOf(op: LayerNode['op'], name: string, lowering: Lowering): string {
  if (op !== 'Conv') return lowering.plain(name);
  const outputs = elementCount(lowering.tensor(name).shape);
  const along = `/earshot/along/${name}`;
  lowering.derived(name, [{name: along, type: 'float32', shape: [outputs, 1, 1]}], (values) => [values]);
  return along;
}
