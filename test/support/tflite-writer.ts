import * as flat from './flat-buffer-writer.ts';
import type {Fields} from './flat-buffer-writer.ts';

/**
 * Numbers of TFLite's schema, copied from schema.fbs for a second time and not from the reader under test, so
 * that a slip in one of them shows.
 */
const OPERATOR_NUMBERS = {
  ADD: 0,
  AVERAGE_POOL_2D: 1,
  CONCATENATION: 2,
  CONV_2D: 3,
  DEPTHWISE_CONV_2D: 4,
  DEQUANTIZE: 6,
  FULLY_CONNECTED: 9,
  LOGISTIC: 14,
  MAX_POOL_2D: 17,
  MUL: 18,
  RELU: 19,
  RELU_N1_TO_1: 20,
  RELU6: 21,
  RESHAPE: 22,
  SOFTMAX: 25,
  TANH: 28,
  CUSTOM: 32,
  PAD: 34,
  TRANSPOSE: 39,
  MEAN: 40,
  PADV2: 60,
  LEAKY_RELU: 98,
  QUANTIZE: 114,
  GELU: 150,
} as const;

const TYPE_NUMBERS = {
  float32: 0,
  float16: 1,
  int32: 2,
  uint8: 3,
  int64: 4,
  bool: 6,
  int16: 7,
  int8: 9,
} as const;
const ACTIVATION_NUMBERS = {none: 0, relu: 1, 'relu-n1-to-1': 2, relu6: 3, tanh: 4} as const;
const PADDING_NUMBERS = {same: 0, valid: 1} as const;

/** A fused activation. */
export type Activation = keyof typeof ACTIVATION_NUMBERS;
/** Name of an operator that the writer knows. */
export type OperatorName = keyof typeof OPERATOR_NUMBERS;

/** A tensor of a test file. */
export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type?: keyof typeof TYPE_NUMBERS; // default float32
  readonly data?: readonly number[]; // makes it a constant
  readonly scale?: readonly number[];
  readonly zeroPoint?: readonly (number | bigint)[]; // default zeros
  readonly axis?: number;
  readonly isVariable?: boolean;
  readonly isSparse?: boolean;
  /** Number of the buffer, in place of the one that holds `data`. */
  readonly buffer?: number;
  /** Bytes of the buffer, in place of those made from `data`. */
  readonly bytes?: Uint8Array;
  readonly dataAlignment?: number;
}

/** An operator of a test file. */
export interface OperatorSpec {
  readonly op: OperatorName;
  readonly inputs: readonly string[]; // '' leaves an optional one out
  readonly outputs: readonly string[];
  readonly options?: {readonly type: number; readonly fields: Fields};
}

/** A test file. */
export interface FileSpec {
  readonly tensors: readonly TensorSpec[];
  readonly operators: readonly OperatorSpec[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly identifier?: string;
  readonly version?: number;
  readonly subgraphCount?: number;
  /** Which fields hold the operator's number: the old one, the new one, or both as today's converter writes. */
  readonly operatorCodes?: 'deprecated' | 'extended' | 'both';
  /** What to call tensors in the file, by their name in the spec; may repeat. */
  readonly names?: Readonly<Record<string, string>>;
}

/** Writes a small TFLite file. */
export function writeTflite(spec: FileSpec): Uint8Array {
  const indexOf = (name: string): number => {
    const index = spec.tensors.findIndex((tensor) => tensor.name === name);
    if (name !== '' && index < 0) throw new Error(`the spec has no tensor ${name}`);
    return index;
  };
  const operators = spec.operators.map(({inputs, outputs, options}, index): Fields => [
    flat.int32(index),
    flat.int32s(inputs.map(indexOf)),
    flat.int32s(outputs.map(indexOf)),
    options && flat.uint8(options.type),
    options && flat.table(options.fields),
  ]);
  const subgraph: Fields = [
    flat.tables(spec.tensors.map((tensor, index) => tensorFields(tensor, index, spec.names?.[tensor.name]))),
    flat.int32s(spec.inputs.map(indexOf)),
    flat.int32s(spec.outputs.map(indexOf)),
    flat.tables(operators),
    flat.text('main'),
  ];
  return flat.writeFlatBuffer(spec.identifier ?? 'TFL3', [
    flat.int32(spec.version ?? 3),
    flat.tables(spec.operators.map(({op}) => codeFields(op, spec.operatorCodes ?? 'both'))),
    flat.tables(Array.from({length: spec.subgraphCount ?? 1}, () => subgraph)),
    flat.text('written by a test'),
    flat.tables([[], ...spec.tensors.map(bufferFields)]),
  ]);
}

function codeFields(op: OperatorName, fields: 'deprecated' | 'extended' | 'both'): Fields {
  const number = OPERATOR_NUMBERS[op];
  return [
    fields === 'extended' ? undefined : flat.uint8(Math.min(number, 127)),
    op === 'CUSTOM' ? flat.text('MyOperator') : undefined,
    flat.int32(1),
    fields === 'deprecated' ? undefined : flat.int32(number),
  ];
}

function tensorFields(tensor: TensorSpec, index: number, name = tensor.name): Fields {
  const {scale, axis = 0} = tensor;
  const zeroPoint: readonly (number | bigint)[] = tensor.zeroPoint ?? scale?.map(() => 0) ?? [];
  const quantisation = scale && [
    undefined,
    undefined,
    flat.float32s(scale),
    flat.int64s(zeroPoint),
    undefined,
    undefined,
    flat.int32(axis),
  ];
  return [
    flat.int32s(tensor.shape),
    flat.uint8(TYPE_NUMBERS[tensor.type ?? 'float32']),
    flat.int32(tensor.buffer ?? index + 1),
    flat.text(name),
    quantisation && flat.table(quantisation),
    flat.uint8(tensor.isVariable ? 1 : 0),
    tensor.isSparse ? flat.table([]) : undefined,
  ];
}

function bufferFields(tensor: TensorSpec): Fields {
  const content = tensor.bytes ?? (tensor.data && encode(tensor.data, tensor.type ?? 'float32'));
  return content === undefined ? [] : [flat.bytes(content, tensor.dataAlignment ?? 16)];
}

function encode(data: readonly number[], type: keyof typeof TYPE_NUMBERS): Uint8Array {
  switch (type) {
    case 'float32':
      return new Uint8Array(Float32Array.from(data).buffer);
    case 'int32':
      return new Uint8Array(Int32Array.from(data).buffer);
    case 'int64':
      return new Uint8Array(BigInt64Array.from(data, BigInt).buffer);
    case 'int8':
    case 'uint8':
    case 'bool':
      return Uint8Array.from(data, (value) => value & 255);
    default:
      return new Uint8Array(Uint16Array.from(data, (value) => value & 65_535).buffer);
  }
}

/** Options of CONV_2D; pairs are [height, width]. */
export interface WindowOptions {
  readonly padding?: 'same' | 'valid';
  readonly strides?: readonly [number, number];
  readonly dilations?: readonly [number, number];
  readonly activation?: Activation;
  /** Pools only. */
  readonly kernel?: readonly [number, number];
  /** DEPTHWISE_CONV_2D only. */
  readonly multiplier?: number;
}

type Options = NonNullable<OperatorSpec['options']>;

/** Conv2DOptions. */
export function conv2dOptions(options: WindowOptions = {}): Options {
  const {padding = 'valid', strides = [1, 1], dilations, activation = 'none'} = options;
  return {
    type: 1,
    fields: [
      flat.uint8(PADDING_NUMBERS[padding]),
      flat.int32(strides[1]),
      flat.int32(strides[0]),
      flat.uint8(ACTIVATION_NUMBERS[activation]),
      dilations && flat.int32(dilations[1]),
      dilations && flat.int32(dilations[0]),
    ],
  };
}

/** DepthwiseConv2DOptions. */
export function depthwiseOptions(options: WindowOptions = {}): Options {
  const {fields} = conv2dOptions(options);
  const multiplier = flat.int32(options.multiplier ?? 1);
  return {type: 2, fields: [...fields.slice(0, 3), multiplier, ...fields.slice(3)]};
}

/** Pool2DOptions. */
export function poolOptions(options: WindowOptions): Options {
  const {padding = 'valid', strides = [1, 1], kernel = [1, 1], activation = 'none'} = options;
  return {
    type: 5,
    fields: [
      flat.uint8(PADDING_NUMBERS[padding]),
      flat.int32(strides[1]),
      flat.int32(strides[0]),
      flat.int32(kernel[1]),
      flat.int32(kernel[0]),
      flat.uint8(ACTIVATION_NUMBERS[activation]),
    ],
  };
}

/** FullyConnectedOptions. */
export function fullyConnectedOptions(
  options: {readonly activation?: Activation; readonly keepNumDims?: boolean; readonly format?: number} = {},
): Options {
  return {
    type: 8,
    fields: [
      flat.uint8(ACTIVATION_NUMBERS[options.activation ?? 'none']),
      flat.uint8(options.format ?? 0),
      flat.uint8(options.keepNumDims ? 1 : 0),
    ],
  };
}

/** SoftmaxOptions. */
export const softmaxOptions = (beta = 1): Options => ({type: 9, fields: [flat.float32(beta)]});

/** ConcatenationOptions. */
export const concatenationOptions = (axis: number, activation: Activation = 'none'): Options => ({
  type: 10,
  fields: [flat.int32(axis), flat.uint8(ACTIVATION_NUMBERS[activation])],
});

/** AddOptions. */
export const addOptions = (activation: Activation = 'none'): Options => ({
  type: 11,
  fields: [flat.uint8(ACTIVATION_NUMBERS[activation])],
});

/** MulOptions. */
export const mulOptions = (activation: Activation = 'none'): Options => ({
  type: 21,
  fields: [flat.uint8(ACTIVATION_NUMBERS[activation])],
});

/** ReshapeOptions. */
export const reshapeOptions = (shape: readonly number[]): Options => ({
  type: 17,
  fields: [flat.int32s(shape)],
});

/** ReducerOptions. */
export const reducerOptions = (keepDims: boolean): Options => ({
  type: 27,
  fields: [flat.uint8(keepDims ? 1 : 0)],
});

/** LeakyReluOptions. */
export const leakyReluOptions = (alpha: number): Options => ({type: 75, fields: [flat.float32(alpha)]});
