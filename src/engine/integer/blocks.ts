/** A stretch of the network's memory, while its address is not known. */
export interface Buffer {
  readonly byteLength: number;
  /** What it holds from the start, where it is a constant: such memory is never used again. */
  readonly data?: ArrayBufferView;
}

/** A place in a buffer. */
export interface Place {
  readonly buffer: Buffer;
  readonly offset: number;
}

/** One value of a block: a number, or a place whose address goes there. */
export type Field = number | Place;

const finish = ['scale', 'zeroPoint', 'min', 'max'] as const;
const map = ['input', 'count', 'table', 'output'] as const;
const binary = [
  'left',
  'right',
  'output',
  'rank',
  'axes',
  'leftZeroPoint',
  'rightZeroPoint',
  'zeroPoint',
] as const;
const pool = [
  'input',
  'height',
  'width',
  'channelCount',
  'kernelHeight',
  'kernelWidth',
  'strideHeight',
  'strideWidth',
  'top',
  'left',
  'outputHeight',
  'outputWidth',
  'output',
] as const;

/**
 * What each kernel is told, in the order in which the fields lie in its block: 32 bits each. The classes of the same
 * fields in `kernels/` say what they mean.
 */
export const blockFields = {
  gemm: [
    ...finish,
    'input',
    'rowBytes',
    'rowCount',
    'depthBytes',
    'weights',
    'bias',
    'output',
    'outputRowBytes',
    'outputCount',
  ],
  depthwise: [
    ...finish,
    'input',
    'stepBytes',
    'rowStepBytes',
    'width',
    'pixelCount',
    'channelCount',
    'taps',
    'tapPairCount',
    'weights',
    'bias',
    'output',
  ],
  widen: [
    'input',
    'height',
    'width',
    'channelCount',
    'top',
    'left',
    'bottom',
    'right',
    'fill',
    'repeat',
    'output',
  ],
  unfold: [
    'input',
    'stepBytes',
    'rowStepBytes',
    'height',
    'width',
    'segments',
    'segmentCount',
    'segmentBytes',
    'output',
  ],
  averagePool: pool,
  maxPool: pool,
  mean: [...finish, 'input', 'outerCount', 'reducedCount', 'innerCount', 'bias', 'output'],
  lookUp: map,
  dequantise: map,
  quantise: ['input', 'count', 'inverseScale', 'zeroPoint', 'min', 'max', 'output'],
  softmax: ['input', 'outerCount', 'length', 'innerCount', 'table', 'scale', 'zeroPoint', 'output'],
  copy: ['input', 'output', 'rank', 'axes'],
  fill: ['output', 'count', 'value'],
  add: [...binary, 'leftMultiplier', 'rightMultiplier', 'shift'],
  multiply: [...binary, 'scale'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Name of a kernel: an export of kernels.wasm. */
export type KernelName = keyof typeof blockFields;

/** The fields of one kernel's block. */
export type Fields<Kernel extends KernelName> = Readonly<Record<(typeof blockFields)[Kernel][number], Field>>;

/** One call of a kernel. */
export interface Step {
  readonly kernel: KernelName;
  readonly fields: Readonly<Record<string, Field>>;
  /** Which node of the graph it belongs to. */
  readonly nodeIndex: number;
}

/** The bits of a float32, as a field has them. */
export function floatField(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0] as number;
}

/** A place in a buffer, its start where no offset is given. */
export function at(buffer: Buffer, offset = 0): Place {
  return {buffer, offset};
}
