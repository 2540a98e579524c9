/**
 * Field numbers of the protocol buffer messages that an ONNX file is made of: those used here.
 * Source: onnx/onnx.proto of ONNX 1.16 (IR version 8 is a subset of it).
 */
export const field = {
  model: {irVersion: 1, producerName: 2, graph: 7, operatorSet: 8},
  operatorSet: {domain: 1, version: 2},
  graph: {node: 1, name: 2, constant: 5, input: 11, output: 12},
  node: {input: 1, output: 2, name: 3, op: 4, attribute: 5, domain: 7},
  attribute: {name: 1, float: 2, int: 3, graph: 6, ints: 8, type: 20},
  tensor: {dimension: 1, elementType: 2, name: 8, bytes: 9, externalData: 13, dataLocation: 14},
  stringEntry: {key: 1, value: 2},
  valueInfo: {name: 1, type: 2},
  type: {tensor: 1},
  tensorType: {elementType: 1, shape: 2},
  shape: {dimension: 1},
  dimension: {value: 1, parameter: 2},
} as const;

/** Numbers of `TensorProto.DataType`. */
export const elementTypeNumber = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  float64: 11,
} as const;

/** Bytes of one element. */
export const elementBytes = {float32: 4, uint8: 1, int8: 1, int32: 4, int64: 8, float64: 8} as const;

/** Numbers of `AttributeProto.AttributeType`. */
export const attributeTypeNumber = {float: 1, int: 2, graph: 5, ints: 7} as const;

/** `TensorProto.DataLocation.EXTERNAL`: the values lie in a file beside the network's own. */
export const EXTERNAL_DATA_LOCATION = 1;
