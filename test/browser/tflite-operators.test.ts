import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readTflite} from '../../src/formats/tflite/read-tflite.ts';
import type {Graph} from '../../src/graph/graph.ts';
import {seededRandom} from '../support/prng.ts';
import {loadInNode, runAll} from '../support/published-networks.ts';
import {openTfliteRuntime, type TfliteRuntime} from '../support/tflite-runtime.ts';
import * as tflite from '../support/tflite-writer.ts';

// Operators that no published file at hand has: each alone in a file, against TFLite itself. Scales are such that
// a neighbouring formula gives other bits: with ratios near multiples of 1/256 a wrong one passed here for a while.
const SEED = 31;
const RUN_COUNT = 40;
const IMAGE = [1, 6, 5, 8]; // NHWC

const random = seededRandom(SEED);
const bytes = (count: number): number[] => Array.from({length: count}, () => random.integer(-128, 127));

interface Operator {
  readonly op: tflite.OperatorName;
  readonly options?: tflite.OperatorSpec['options'];
  /** Scale and zero point of the input, of the output. */
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly shape?: readonly number[]; // of the output; default that of the input
  readonly constants?: readonly tflite.TensorSpec[];
}

const int8 = (name: string, shape: readonly number[], [scale, zeroPoint]: readonly [number, number]) =>
  ({name, shape, type: 'int8', scale: [scale], zeroPoint: [zeroPoint]}) as const;
const operand = (quantisation: readonly [number, number]): tflite.TensorSpec => ({
  ...int8('k', IMAGE, quantisation),
  data: bytes(240),
});
const axes = {name: 'axes', shape: [2], type: 'int32', data: [1, 2]} as const;

const operators: Readonly<Record<string, Operator>> = {
  'ADD of other scales': {
    op: 'ADD',
    options: tflite.addOptions(),
    x: [0.031, -7],
    y: [0.047, 5],
    constants: [operand([0.022, 11])],
  },
  'ADD to a finer scale': {
    op: 'ADD',
    options: tflite.addOptions(),
    x: [0.9, 3],
    y: [0.013, -20],
    constants: [operand([0.011, 0])],
  },
  'ADD with RELU': {
    op: 'ADD',
    options: tflite.addOptions('relu'),
    x: [0.05, 0],
    y: [0.06, -128],
    constants: [operand([0.05, 9])],
  },
  'QUANTIZE between scales': {op: 'QUANTIZE', x: [0.07, 12], y: [0.0317, -9]},
  MUL: {
    op: 'MUL',
    options: tflite.mulOptions(),
    x: [0.031, -7],
    y: [0.021, 5],
    constants: [operand([0.022, 11])],
  },
  'MUL that saturates': {
    op: 'MUL',
    options: tflite.mulOptions(),
    x: [0.2, 4],
    y: [0.05, 1],
    constants: [operand([0.1, -3])],
  },
  'MEAN over space, kept': {
    op: 'MEAN',
    options: tflite.reducerOptions(true),
    x: [0.031, -7],
    y: [0.011, 5],
    shape: [1, 1, 1, 8],
    constants: [axes],
  },
  'MEAN over space, dropped': {
    op: 'MEAN',
    options: tflite.reducerOptions(false),
    x: [0.031, -7],
    y: [0.011, 5],
    shape: [1, 8],
    constants: [axes],
  },
  'AVERAGE_POOL_2D with padding': {
    op: 'AVERAGE_POOL_2D',
    options: tflite.poolOptions({padding: 'same', kernel: [3, 2], strides: [2, 2]}),
    x: [0.03, 4],
    y: [0.03, 4],
    shape: [1, 3, 3, 8],
  },
  'MAX_POOL_2D with padding': {
    op: 'MAX_POOL_2D',
    options: tflite.poolOptions({padding: 'same', kernel: [3, 2], strides: [2, 2]}),
    x: [0.03, 4],
    y: [0.03, 4],
    shape: [1, 3, 3, 8],
  },
  LOGISTIC: {op: 'LOGISTIC', x: [0.07, 12], y: [1 / 256, -128]},
  LEAKY_RELU: {op: 'LEAKY_RELU', options: tflite.leakyReluOptions(0.2), x: [0.07, 12], y: [0.05, -60]},
  'LEAKY_RELU of one scale': {
    op: 'LEAKY_RELU',
    options: tflite.leakyReluOptions(0.1),
    x: [0.07, 12],
    y: [0.07, 12],
  },
  'RELU of another scale': {op: 'RELU', x: [0.07, 12], y: [0.0407, -128]},
  'RELU to a coarser scale': {op: 'RELU', x: [0.02, -3], y: [0.0713, 4]},
  'RELU of nearly the same scale': {op: 'RELU', x: [0.031, 0], y: [0.03, 0]},
  'RELU6 of another scale': {op: 'RELU6', x: [0.07, 12], y: [0.0317, -9]},
  'RELU6 of one scale': {op: 'RELU6', x: [0.07, 12], y: [0.07, 12]},
  SOFTMAX: {op: 'SOFTMAX', options: tflite.softmaxOptions(), x: [0.06, 12], y: [1 / 256, -128]},
  'SOFTMAX with beta': {
    op: 'SOFTMAX',
    options: tflite.softmaxOptions(0.4),
    x: [0.06, 12],
    y: [1 / 256, -128],
  },
  PAD: {
    op: 'PAD',
    x: [0.07, 12],
    y: [0.07, 12],
    shape: [1, 8, 8, 8],
    constants: [{name: 'p', shape: [4, 2], type: 'int32', data: [0, 0, 1, 1, 2, 1, 0, 0]}],
  },
  CONCATENATION: {
    op: 'CONCATENATION',
    options: tflite.concatenationOptions(3),
    x: [0.07, 12],
    y: [0.07, 12],
    shape: [1, 6, 5, 16],
    constants: [operand([0.07, 12])],
  },
};

function fileOf({op, options, x, y, shape = IMAGE, constants = []}: Operator): Uint8Array {
  return tflite.writeTflite({
    tensors: [int8('x', IMAGE, x), ...constants, int8('y', shape, y)],
    operators: [
      {op, inputs: ['x', ...constants.map(({name}) => name)], outputs: ['y'], ...(options && {options})},
    ],
    inputs: ['x'],
    outputs: ['y'],
  });
}

describe('int8-exact operators, each against TFLite itself', () => {
  let runtime: TfliteRuntime;
  beforeAll(async () => {
    runtime = await openTfliteRuntime();
  });
  afterAll(() => runtime.close());

  it.each(Object.entries(operators))('%s gives the same bits', async (_title, operator) => {
    const file = fileOf(operator);
    await expectSameBits(file, readTflite(file));
  });

  async function expectSameBits(file: Uint8Array, graph: Graph): Promise<void> {
    const inputs = Array.from({length: RUN_COUNT}, () => Int8Array.from(bytes(240)));
    const expected = (await runtime.run(file, inputs)).flat();
    expect(new Set(expected).size).toBeGreaterThan(5);
    for (const engine of ['integer', 'onnx'] as const) {
      const model = await loadInNode(graph, engine, 'int8-exact');
      const output = (await runAll(model, inputs)).flat();
      model.dispose();
      expect(output).toHaveLength(expected.length);
      const differing = output.filter((value, index) => value !== expected[index]).length;
      expect(`${engine}: ${differing} of ${output.length} differ`, `seed ${SEED}`).toBe(
        `${engine}: 0 of ${output.length} differ`,
      );
    }
  }
});
