/**
 * What the reader needs of TFLite's schema: tensorflow/lite/schema/schema.fbs, version 3. Field numbers are the
 * places of the fields in their table; a union takes two, its type and its value.
 */

/** The four characters behind the root offset of every TFLite file. */
export const FILE_IDENTIFIER = 'TFL3';

/** The only schema version ever published under {@link FILE_IDENTIFIER}. */
export const SCHEMA_VERSION = 3;

/** Table Model, the root. */
export const MODEL = {version: 0, operatorCodes: 1, subgraphs: 2, description: 3, buffers: 4} as const;

/** Table OperatorCode. */
export const OPERATOR_CODE = {deprecatedBuiltinCode: 0, customCode: 1, version: 2, builtinCode: 3} as const;

/** Table SubGraph. */
export const SUBGRAPH = {tensors: 0, inputs: 1, outputs: 2, operators: 3, name: 4} as const;

/** Table Tensor. */
export const TENSOR = {
  shape: 0,
  type: 1,
  buffer: 2,
  name: 3,
  quantization: 4,
  isVariable: 5,
  sparsity: 6,
} as const;

/** Table QuantizationParameters. */
export const QUANTIZATION = {scale: 2, zeroPoint: 3, detailsType: 4, quantizedDimension: 6} as const;

/** Table Operator. */
export const OPERATOR = {opcodeIndex: 0, inputs: 1, outputs: 2, optionsType: 3, options: 4} as const;

/** Table Buffer. */
export const BUFFER = {data: 0, offset: 1} as const;

/** Members of the union BuiltinOptions that the reader reads. */
export const OPTIONS_TYPE = {
  conv2d: 1,
  depthwiseConv2d: 2,
  pool2d: 5,
  fullyConnected: 8,
  softmax: 9,
  concatenation: 10,
  add: 11,
  reshape: 17,
  mul: 21,
  reducer: 27,
  leakyRelu: 75,
} as const;

/** Table Conv2DOptions. */
export const CONV_2D = {
  padding: 0,
  strideWidth: 1,
  strideHeight: 2,
  activation: 3,
  dilationWidth: 4,
  dilationHeight: 5,
} as const;

/** Table DepthwiseConv2DOptions. */
export const DEPTHWISE_CONV_2D = {
  padding: 0,
  strideWidth: 1,
  strideHeight: 2,
  depthMultiplier: 3,
  activation: 4,
  dilationWidth: 5,
  dilationHeight: 6,
} as const;

/** Table Pool2DOptions. */
export const POOL_2D = {
  padding: 0,
  strideWidth: 1,
  strideHeight: 2,
  filterWidth: 3,
  filterHeight: 4,
  activation: 5,
} as const;

/** Table FullyConnectedOptions. */
export const FULLY_CONNECTED = {activation: 0, weightsFormat: 1, keepNumDims: 2} as const;
/** Table SoftmaxOptions. */
export const SOFTMAX = {beta: 0} as const;
/** Table ConcatenationOptions. */
export const CONCATENATION = {axis: 0, activation: 1} as const;
/** Tables AddOptions and MulOptions. */
export const BINARY = {activation: 0} as const;
/** Table ReshapeOptions. */
export const RESHAPE = {newShape: 0} as const;
/** Table ReducerOptions. */
export const REDUCER = {keepDims: 0} as const;
/** Table LeakyReluOptions. */
export const LEAKY_RELU = {alpha: 0} as const;

/** enum Padding. */
export const PADDING = {same: 0, valid: 1} as const;

/** enum ActivationFunctionType, by number. */
export const ACTIVATION_NAMES = ['NONE', 'RELU', 'RELU_N1_TO_1', 'RELU6', 'TANH', 'SIGN_BIT'] as const;

/** enum TensorType, by number. */
export const TENSOR_TYPE_NAMES = [
  'FLOAT32',
  'FLOAT16',
  'INT32',
  'UINT8',
  'INT64',
  'STRING',
  'BOOL',
  'INT16',
  'COMPLEX64',
  'INT8',
  'FLOAT64',
  'COMPLEX128',
  'UINT64',
  'RESOURCE',
  'VARIANT',
  'UINT32',
  'UINT16',
  'INT4',
] as const;

/** OperatorCode.deprecated_builtin_code where the operator's number does not fit it. */
export const PLACEHOLDER_FOR_GREATER_OP_CODES = 127;

/** enum BuiltinOperator, by number, as far as messages name them. */
export const OPERATOR_NAMES: readonly string[] = (
  'ADD AVERAGE_POOL_2D CONCATENATION CONV_2D DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE EMBEDDING_LOOKUP FLOOR ' +
  'FULLY_CONNECTED HASHTABLE_LOOKUP L2_NORMALIZATION L2_POOL_2D LOCAL_RESPONSE_NORMALIZATION LOGISTIC ' +
  'LSH_PROJECTION LSTM MAX_POOL_2D MUL RELU RELU_N1_TO_1 RELU6 RESHAPE RESIZE_BILINEAR RNN SOFTMAX SPACE_TO_DEPTH ' +
  'SVDF TANH CONCAT_EMBEDDINGS SKIP_GRAM CALL CUSTOM EMBEDDING_LOOKUP_SPARSE PAD UNIDIRECTIONAL_SEQUENCE_RNN ' +
  'GATHER BATCH_TO_SPACE_ND SPACE_TO_BATCH_ND TRANSPOSE MEAN SUB DIV SQUEEZE UNIDIRECTIONAL_SEQUENCE_LSTM ' +
  'STRIDED_SLICE BIDIRECTIONAL_SEQUENCE_RNN EXP TOPK_V2 SPLIT LOG_SOFTMAX DELEGATE BIDIRECTIONAL_SEQUENCE_LSTM ' +
  'CAST PRELU MAXIMUM ARG_MAX MINIMUM LESS NEG PADV2 GREATER GREATER_EQUAL LESS_EQUAL SELECT SLICE SIN ' +
  'TRANSPOSE_CONV SPARSE_TO_DENSE TILE EXPAND_DIMS EQUAL NOT_EQUAL LOG SUM SQRT RSQRT SHAPE POW ARG_MIN FAKE_QUANT ' +
  'REDUCE_PROD REDUCE_MAX PACK LOGICAL_OR ONE_HOT LOGICAL_AND LOGICAL_NOT UNPACK REDUCE_MIN FLOOR_DIV REDUCE_ANY ' +
  'SQUARE ZEROS_LIKE FILL FLOOR_MOD RANGE RESIZE_NEAREST_NEIGHBOR LEAKY_RELU SQUARED_DIFFERENCE MIRROR_PAD ABS ' +
  'SPLIT_V UNIQUE CEIL REVERSE_V2 ADD_N GATHER_ND COS WHERE RANK ELU REVERSE_SEQUENCE MATRIX_DIAG QUANTIZE ' +
  'MATRIX_SET_DIAG ROUND HARD_SWISH IF WHILE NON_MAX_SUPPRESSION_V4 NON_MAX_SUPPRESSION_V5 SCATTER_ND SELECT_V2 ' +
  'DENSIFY SEGMENT_SUM BATCH_MATMUL PLACEHOLDER_FOR_GREATER_OP_CODES CUMSUM CALL_ONCE BROADCAST_TO RFFT2D CONV_3D ' +
  'IMAG REAL COMPLEX_ABS HASHTABLE HASHTABLE_FIND HASHTABLE_IMPORT HASHTABLE_SIZE REDUCE_ALL CONV_3D_TRANSPOSE ' +
  'VAR_HANDLE READ_VARIABLE ASSIGN_VARIABLE BROADCAST_ARGS RANDOM_STANDARD_NORMAL BUCKETIZE RANDOM_UNIFORM ' +
  'MULTINOMIAL GELU DYNAMIC_UPDATE_SLICE RELU_0_TO_1 UNSORTED_SEGMENT_PROD UNSORTED_SEGMENT_MAX ' +
  'UNSORTED_SEGMENT_SUM ATAN2 UNSORTED_SEGMENT_MIN SIGN BITCAST BITWISE_XOR RIGHT_SHIFT'
).split(' ');
