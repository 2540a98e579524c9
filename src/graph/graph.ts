/**
 * The small op graph that every model becomes: ops named after ONNX, with ONNX semantics (NCHW activations,
 * OIHW weights, explicit pads). Readers (`formats/`) and systems build it, passes rewrite it, engines run it.
 */

/** Element types a tensor may have. `int8` is what TFLite files carry; engines may shift it inside. */
export type ElementType = 'float32' | 'int8' | 'uint8' | 'int32' | 'int64';

/** Flat row-major storage of a constant tensor; `int64` shapes are kept as `Int32Array`, checked to fit. */
export type TensorData = Float32Array | Int8Array | Uint8Array | Int32Array;

/** Affine quantisation: real = scale[c] · (q − zeroPoint[c]). */
export interface Quantisation {
  readonly scale: Float32Array; // [1] per tensor, or [channels] per channel
  readonly zeroPoint: Int32Array; // same length as scale
  readonly axis: number; // channel axis; 0 where per tensor
}

/**
 * One value of the graph: an input, a constant or what a node computes. A size of `ANY_LENGTH` (shape.ts) is known only
 * when the network runs; constants have none, inputs one at most.
 */
export interface Tensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly quantisation?: Quantisation;
  /** Values of a constant that is at hand. */
  readonly data?: TensorData;
  /**
   * Values of a float32 constant that is elsewhere, in a checkpoint of hundreds of megabytes say: read each time it is
   * called, best once, when the network is written. Never beside `data`.
   */
  readonly load?: () => Promise<Float32Array>;
}

/** Whether the tensor is a constant, at hand or elsewhere. */
export function isConstant({data, load}: Tensor): boolean {
  return data !== undefined || load !== undefined;
}

/** Spatial padding in ONNX order: [top, left, bottom, right]. */
export type Pads = readonly [number, number, number, number];

/**
 * What each op needs beside its tensors. Inputs, in order:
 * Conv x,w[,bias] · Gemm x,w[outputs × inputs][,bias] (y = x·wᵀ + b) · Add/Mul a,b (NumPy broadcast) ·
 * MatMul a,b (NumPy: the last two dimensions are matrices, those before broadcast) · Pad x · Concat a,b,… ·
 * LayerNormalization x,scale,bias[x.shape from `axis` on] · InstanceNormalization x,scale,bias[channels] ·
 * Gru x,w,r,bias,h0 → y,hN · all others x. Gru alone gives two tensors.
 * A quantised node has int8 input and output tensors with `quantisation`; its bias is int32, in steps of input
 * scale × weight scale. Attributes (Clip's bounds, Pad's value) are real values there too.
 * QuantizeLinear takes float32, or int8 of another scale (a requantisation).
 * Slice keeps, along each of `axes`, the places from `starts` up to, not including, `ends`; counted from the front.
 * AveragePool divides by the number of cells inside the input: padding takes no part.
 * LayerNormalization standardises over the dimensions from `axis` on, InstanceNormalization each channel of each
 * batch item over all dimensions behind the channels: (x − mean) / √(variance + epsilon) · scale + bias, with the
 * variance of the population. Gelu is x · ½ (1 + erf(x / √2)).
 * Gru is ONNX's: forward, linear_before_reset = 1 (as PyTorch computes it), gates in the order update, reset, new.
 * x [steps, batch, inputs], w [1, 3·units, inputs], r [1, 3·units, units], bias [1, 6·units] (that of w, then of r),
 * h0 [1, batch, units] → y [steps, 1, batch, units], hN [1, batch, units].
 */
export interface OpAttributes {
  Conv: {
    readonly strides: readonly [number, number];
    readonly pads: Pads;
    readonly dilations: readonly [number, number];
    readonly group: number;
  };
  Gemm: Record<never, never>;
  AveragePool: {
    readonly kernel: readonly [number, number];
    readonly strides: readonly [number, number];
    readonly pads: Pads;
  };
  MaxPool: {
    readonly kernel: readonly [number, number];
    readonly strides: readonly [number, number];
    readonly pads: Pads;
  };
  ReduceMean: {readonly axes: readonly number[]; readonly keepDims: boolean};
  Reshape: {readonly shape: readonly number[]};
  Transpose: {readonly permutation: readonly number[]};
  Pad: {readonly before: readonly number[]; readonly after: readonly number[]; readonly value: number};
  Concat: {readonly axis: number};
  Slice: {
    readonly axes: readonly number[];
    readonly starts: readonly number[];
    readonly ends: readonly number[];
  };
  Softmax: {readonly axis: number; readonly beta: number};
  Sigmoid: Record<never, never>;
  Relu: Record<never, never>;
  Clip: {readonly min: number; readonly max: number};
  LeakyRelu: {readonly alpha: number};
  Add: Record<never, never>;
  Mul: Record<never, never>;
  MatMul: Record<never, never>;
  Gru: Record<never, never>;
  LayerNormalization: {readonly axis: number; readonly epsilon: number};
  InstanceNormalization: {readonly epsilon: number};
  Gelu: Record<never, never>;
  QuantizeLinear: Record<never, never>;
  DequantizeLinear: Record<never, never>;
}

/** Names of the ops a graph may hold. */
export type OpName = keyof OpAttributes;

/** One step of the graph, tagged by `op`. `inputs` and `outputs` name tensors. */
export type Node = {
  [Op in OpName]: {
    readonly op: Op;
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
    readonly attributes: OpAttributes[Op];
  };
}[OpName];

/** A whole network. Nodes are in an order in which they can run. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly nodes: readonly Node[];
}
