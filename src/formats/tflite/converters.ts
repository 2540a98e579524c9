import {
  convertAdd,
  convertClamp,
  convertDequantize,
  convertLeakyRelu,
  convertLogistic,
  convertMul,
  convertQuantize,
  convertSoftmax,
} from './arithmetic.ts';
import {convertConv2d, convertDepthwiseConv2d} from './convolution.ts';
import {convertFullyConnected} from './fully-connected.ts';
import type {OperatorContext} from './operator-context.ts';
import {convertAveragePool2d, convertMaxPool2d} from './pooling.ts';
import {
  convertConcatenation,
  convertMean,
  convertPad,
  convertReshape,
  convertTranspose,
} from './shape-operators.ts';

/** How one kind of operator becomes nodes. */
export interface Converter {
  /** Most inputs the operator takes. */
  readonly maxInputs: number;
  /** Adds the operator's nodes to the context's builder. */
  readonly convert: (context: OperatorContext) => void;
}

/** Every operator the reader knows, by its name in the schema. */
export const CONVERTERS: ReadonlyMap<string, Converter> = new Map<string, Converter>([
  ['ADD', {maxInputs: 2, convert: convertAdd}],
  ['AVERAGE_POOL_2D', {maxInputs: 1, convert: convertAveragePool2d}],
  ['CONCATENATION', {maxInputs: 1024, convert: convertConcatenation}],
  ['CONV_2D', {maxInputs: 3, convert: convertConv2d}],
  ['DEPTHWISE_CONV_2D', {maxInputs: 3, convert: convertDepthwiseConv2d}],
  ['DEQUANTIZE', {maxInputs: 1, convert: convertDequantize}],
  ['FULLY_CONNECTED', {maxInputs: 3, convert: convertFullyConnected}],
  ['LEAKY_RELU', {maxInputs: 1, convert: convertLeakyRelu}],
  ['LOGISTIC', {maxInputs: 1, convert: convertLogistic}],
  ['MAX_POOL_2D', {maxInputs: 1, convert: convertMaxPool2d}],
  ['MEAN', {maxInputs: 2, convert: convertMean}],
  ['MUL', {maxInputs: 2, convert: convertMul}],
  ['PAD', {maxInputs: 2, convert: convertPad}],
  ['PADV2', {maxInputs: 3, convert: convertPad}],
  ['QUANTIZE', {maxInputs: 1, convert: convertQuantize}],
  ['RELU', {maxInputs: 1, convert: convertClamp}],
  ['RELU6', {maxInputs: 1, convert: convertClamp}],
  ['RELU_N1_TO_1', {maxInputs: 1, convert: convertClamp}],
  ['RESHAPE', {maxInputs: 2, convert: convertReshape}],
  ['SOFTMAX', {maxInputs: 1, convert: convertSoftmax}],
  ['TRANSPOSE', {maxInputs: 2, convert: convertTranspose}],
]);
