import type {OpAttributes, OpName} from '../../graph/graph.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import type {Lowering, LowerTable, NodeOf} from './lowering.ts';
import type {OnnxAttribute} from './onnx-graph.ts';

type OnnxAttributes = Readonly<Record<string, OnnxAttribute>>;

/** How each op is said where the activations are float32: as the ONNX operator of the same name. */
export const plainLowerings: LowerTable = {
  Conv(node, lowering) {
    addPlain(node, lowering, convolutionAttributes(node.attributes));
  },
  Gemm(node, lowering) {
    addPlain(node, lowering, {transB: {int: 1}});
  },
  AveragePool(node, lowering) {
    addPlain(node, lowering, poolAttributes(node.attributes));
  },
  MaxPool(node, lowering) {
    addPlain(node, lowering, poolAttributes(node.attributes));
  },
  ReduceMean(node, lowering) {
    const {axes, keepDims} = node.attributes;
    addPlain(node, lowering, {axes: {ints: axes}, keepdims: {int: Number(keepDims)}});
  },
  Reshape(node, lowering) {
    const x = firstInput(node, lowering);
    const shape = lowering.builder.int64List(node.attributes.shape);
    lowering.builder.add('Reshape', [x, shape], {output: outputName(node)});
  },
  Transpose(node, lowering) {
    addPlain(node, lowering, {perm: {ints: node.attributes.permutation}});
  },
  Pad(node, lowering) {
    const {before, after, value} = node.attributes;
    const {builder} = lowering;
    const x = firstInput(node, lowering);
    const pads = builder.int64List([...before, ...after]);
    builder.add('Pad', [x, pads, builder.scalar('float32', value)], {output: outputName(node)});
  },
  Concat(node, lowering) {
    addPlain(node, lowering, {axis: {int: node.attributes.axis}});
  },
  Slice(node, lowering) {
    const {axes, starts, ends} = node.attributes;
    const places = [starts, ends, axes].map((values) => lowering.builder.int64List(values));
    lowering.builder.add('Slice', [firstInput(node, lowering), ...places], {output: outputName(node)});
  },
  Softmax(node, lowering) {
    const {axis, beta} = node.attributes;
    const {builder} = lowering;
    const x = firstInput(node, lowering);
    const scaled = beta === 1 ? x : builder.add('Mul', [x, builder.scalar('float32', beta)]);
    builder.add('Softmax', [scaled], {attributes: {axis: {int: axis}}, output: outputName(node)});
  },
  Sigmoid(node, lowering) {
    addPlain(node, lowering);
  },
  Relu(node, lowering) {
    addPlain(node, lowering);
  },
  Clip(node, lowering) {
    const {min, max} = node.attributes;
    const {builder} = lowering;
    const x = firstInput(node, lowering);
    const bounds = [min, max].map((bound) => builder.scalar('float32', bound));
    builder.add('Clip', [x, ...bounds], {output: outputName(node)});
  },
  LeakyRelu(node, lowering) {
    addPlain(node, lowering, {alpha: {float: node.attributes.alpha}});
  },
  Add(node, lowering) {
    addPlain(node, lowering);
  },
  Mul(node, lowering) {
    addPlain(node, lowering);
  },
  MatMul(node, lowering) {
    addPlain(node, lowering);
  },
  Gru(node, lowering) {
    const [x, w, r, bias, h0] = node.inputs.map((name) => lowering.plain(name));
    const [y = '', hN = ''] = node.outputs;
    const {shape} = lowering.tensor(node.inputs[2]);
    const units = shape.at(-1) ?? 0;
    lowering.builder.add('GRU', [x, w, r, bias, '', h0] as string[], {
      attributes: {hidden_size: {int: units}, linear_before_reset: {int: 1}},
      outputs: [y, hN],
    });
  },
  LayerNormalization(node, lowering) {
    const {axis, epsilon} = node.attributes;
    addPlain(node, lowering, {axis: {int: axis}, epsilon: {float: epsilon}});
  },
  InstanceNormalization(node, lowering) {
    addPlain(node, lowering, {epsilon: {float: node.attributes.epsilon}});
  },
  Gelu(node, lowering) {
    const {builder} = lowering;
    const inputs = [firstInput(node, lowering)];
    builder.add('Gelu', inputs, {domain: 'com.microsoft', output: outputName(node)});
  },
  QuantizeLinear(node, lowering) {
    const {name, type} = lowering.tensor(node.outputs[0]);
    throw new ModelFormatError(`QuantizeLinear to ${name} of ${type}`, '8 bits with one scale');
  },
  DequantizeLinear(node, lowering) {
    const x = lowering.activation(node.inputs[0]);
    const inputs = [x.name, ...lowering.quantisation(x)];
    lowering.builder.add('DequantizeLinear', inputs, {output: outputName(node)});
  },
};

/** The attributes that ONNX's convolutions share. */
export function convolutionAttributes(attributes: OpAttributes['Conv']): OnnxAttributes {
  const {strides, pads, dilations, group} = attributes;
  return {
    strides: {ints: strides},
    pads: {ints: pads},
    dilations: {ints: dilations},
    group: {int: group},
  };
}

/** The attributes that ONNX's pools share; padding does not count towards an average, as in TFLite. */
export function poolAttributes({kernel, strides, pads}: OpAttributes['MaxPool']): OnnxAttributes {
  return {kernel_shape: {ints: kernel}, strides: {ints: strides}, pads: {ints: pads}};
}

/** Name of what the node computes. */
export function outputName(node: NodeOf<OpName>): string {
  const [output] = node.outputs;
  if (output === undefined || node.outputs.length !== 1) {
    throw new ModelFormatError(`${node.op} with ${node.outputs.length} outputs`, 'one output');
  }
  return output;
}

/** Name of the node's first input. */
export function firstInput(node: NodeOf<OpName>, lowering: Lowering): string {
  return lowering.moved(node.inputs[0]);
}

function addPlain(node: NodeOf<OpName>, lowering: Lowering, attributes: OnnxAttributes = {}): void {
  const inputs = node.inputs.map((name) => lowering.moved(name));
  lowering.builder.add(node.op, inputs, {attributes, output: outputName(node)});
}
