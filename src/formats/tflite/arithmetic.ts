import {ModelFormatError} from '../../graph/model-format-error.ts';
import {addClamp, addWithActivation} from './activation.ts';
import {type OperatorContext, requireInput, requireOptions} from './operator-context.ts';
import {BINARY, LEAKY_RELU, OPTIONS_TYPE, SOFTMAX} from './schema.ts';

/** ADD. */
export function convertAdd(context: OperatorContext): void {
  addBinary(context, 'Add', OPTIONS_TYPE.add);
}

/** MUL. */
export function convertMul(context: OperatorContext): void {
  addBinary(context, 'Mul', OPTIONS_TYPE.mul);
}

/** RELU, RELU6 or RELU_N1_TO_1 as an operator of its own; unlike a fused one it may change the scale. */
export function convertClamp(context: OperatorContext): void {
  addClamp(context.builder, context.name, requireInput(context, 0), context.output);
}

/** LEAKY_RELU. */
export function convertLeakyRelu(context: OperatorContext): void {
  const alpha = requireOptions(context, OPTIONS_TYPE.leakyRelu).float32(LEAKY_RELU.alpha);
  if (!Number.isFinite(alpha)) throw new ModelFormatError(`LEAKY_RELU alpha ${alpha}`, 'a finite number');
  context.builder.addNode('LeakyRelu', [requireInput(context, 0)], context.output, {alpha});
}

/** LOGISTIC. */
export function convertLogistic(context: OperatorContext): void {
  context.builder.addNode('Sigmoid', [requireInput(context, 0)], context.output, {});
}

/** SOFTMAX, over the last dimension. */
export function convertSoftmax(context: OperatorContext): void {
  const input = requireInput(context, 0);
  const beta = requireOptions(context, OPTIONS_TYPE.softmax).float32(SOFTMAX.beta);
  context.builder.addNode('Softmax', [input], context.output, {axis: input.shape.length - 1, beta});
}

/** QUANTIZE; from int8 to int8 it is a requantisation, which one node states exactly. */
export function convertQuantize(context: OperatorContext): void {
  const {builder, output} = context;
  const input = requireInput(context, 0);
  const isOneStep = input.type === 'float32' || (input.type === 'int8' && output.type === 'int8');
  if (isOneStep) return builder.addNode('QuantizeLinear', [input], output, {});
  const real = builder.derive(output, 'float32', (name) => ({name, type: 'float32', shape: input.shape}));
  builder.addNode('DequantizeLinear', [input], real, {});
  builder.addNode('QuantizeLinear', [real], output, {});
}

/** DEQUANTIZE. */
export function convertDequantize(context: OperatorContext): void {
  context.builder.addNode('DequantizeLinear', [requireInput(context, 0)], context.output, {});
}

function addBinary(context: OperatorContext, op: 'Add' | 'Mul', optionsType: number): void {
  const {builder, output} = context;
  const activation = requireOptions(context, optionsType).uint8(BINARY.activation);
  const operands = [requireInput(context, 0), requireInput(context, 1)];
  addWithActivation(builder, activation, output, (result) => builder.addNode(op, operands, result, {}));
}
