import {describe, expect, it} from 'vitest';
import {readTflite} from '../../../../src/formats/tflite/read-tflite.ts';
import type {Graph} from '../../../../src/graph/graph.ts';
import {maxAbsDifference} from '../../../support/arrays.ts';
import {poolNhwc} from '../../../support/nhwc-reference.ts';
import {seededRandom} from '../../../support/prng.ts';
import {evaluateReference} from '../../../support/reference-evaluator.ts';
import {
  addOptions,
  concatenationOptions,
  fullyConnectedOptions,
  leakyReluOptions,
  mulOptions,
  type OperatorSpec,
  poolOptions,
  reducerOptions,
  reshapeOptions,
  softmaxOptions,
  type TensorSpec,
  writeTflite,
} from '../../../support/tflite-writer.ts';

const TOLERANCE = 1e-6; // one float32 rounding of values around 1
const random = seededRandom(32);
const numbers = (count: number): number[] => Array.from(random.samples(count));

/** A file of one operator that reads `x`, and constants, and writes `y`. */
function fileOf(
  x: Omit<TensorSpec, 'name'>,
  y: Omit<TensorSpec, 'name'>,
  operator: Omit<OperatorSpec, 'inputs' | 'outputs'> & {readonly inputs?: readonly string[]},
  constants: readonly TensorSpec[] = [],
): Uint8Array {
  const inputs = operator.inputs ?? ['x', ...constants.map(({name}) => name)];
  return writeTflite({
    tensors: [{name: 'x', ...x}, ...constants, {name: 'y', ...y}],
    operators: [{...operator, inputs, outputs: ['y']}],
    inputs: ['x'],
    outputs: ['y'],
  });
}

const opsOf = (graph: Graph): string[] => graph.nodes.map(({op}) => op);

describe('AVERAGE_POOL_2D and MAX_POOL_2D', () => {
  const x = numbers(7 * 5 * 3);
  const image = {height: 7, width: 5, channels: 3, data: x};
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const cases = [
    {padding: 'valid', strides: [1, 1], shape: [1, 5, 4, 3]},
    {padding: 'valid', strides: [3, 2], shape: [1, 2, 2, 3]},
    {padding: 'same', strides: [1, 1], shape: [1, 7, 5, 3]},
    {padding: 'same', strides: [2, 2], shape: [1, 4, 3, 3]},
  ] as const;

  it.each(cases)('$padding at strides $strides: the mean leaves padding out', ({shape, ...window}) => {
    const options = poolOptions({...window, kernel: [3, 2]});
    const bytes = fileOf({shape: [1, 7, 5, 3]}, {shape}, {op: 'AVERAGE_POOL_2D', options});
    const expected = poolNhwc(image, [3, 2], window, mean);
    expect(maxAbsDifference(evaluateReference(readTflite(bytes), x), expected)).toBeLessThan(TOLERANCE);
  });

  it.each(cases)('$padding at strides $strides: the maximum leaves padding out', ({shape, ...window}) => {
    const options = poolOptions({...window, kernel: [3, 2]});
    const bytes = fileOf({shape: [1, 7, 5, 3]}, {shape}, {op: 'MAX_POOL_2D', options});
    const expected = poolNhwc(image, [3, 2], window, (values) => Math.max(...values));
    expect(maxAbsDifference(evaluateReference(readTflite(bytes), x), expected)).toBe(0);
  });
});

describe('FULLY_CONNECTED', () => {
  const weights = {name: 'w', shape: [2, 3], data: numbers(6)};
  const bias = {name: 'b', shape: [2], data: numbers(2)};
  const x = numbers(12);
  const product = Array.from({length: 8}, (_, index) => {
    const [row, output] = [Math.floor(index / 2), index % 2];
    const terms = [0, 1, 2].map((k) => (x[3 * row + k] ?? NaN) * (weights.data[3 * output + k] ?? NaN));
    return terms.reduce((a, b) => a + b, bias.data[output] ?? NaN);
  });

  it.each([
    {title: 'a matrix', input: [4, 3], output: [4, 2], keepNumDims: false},
    {title: 'an image, flattened to rows of the depth of the weights', input: [1, 2, 2, 3], output: [4, 2]},
    {title: 'one long row', input: [1, 12], output: [4, 2], keepNumDims: false},
    {title: 'an image with its rank kept', input: [1, 2, 2, 3], output: [1, 2, 2, 2], keepNumDims: true},
  ])('multiplies $title', ({input, output, keepNumDims = false}) => {
    const options = fullyConnectedOptions({keepNumDims});
    const bytes = fileOf({shape: input}, {shape: output}, {op: 'FULLY_CONNECTED', options}, [weights, bias]);
    expect(maxAbsDifference(evaluateReference(readTflite(bytes), x), product)).toBeLessThan(TOLERANCE);
  });

  it('reads int8 weights under float32 activations as the real values they stand for', () => {
    const hybrid = {
      name: 'w',
      shape: [2, 3],
      type: 'int8',
      data: [1, -2, 3, 127, -127, 0],
      scale: [0.5],
    } as const;
    const options = fullyConnectedOptions();
    const bytes = fileOf({shape: [1, 3]}, {shape: [1, 2]}, {op: 'FULLY_CONNECTED', options}, [hybrid]);
    const graph = readTflite(bytes);
    expect(opsOf(graph)).toEqual(['Gemm']);
    expect(Array.from(evaluateReference(graph, [2, 4, 6]))).toEqual([1 - 4 + 9, 127 - 254]);
  });

  it('refuses weights in a shuffled format', () => {
    const options = fullyConnectedOptions({format: 1});
    const bytes = fileOf({shape: [4, 3]}, {shape: [4, 2]}, {op: 'FULLY_CONNECTED', options}, [weights]);
    expect(() => readTflite(bytes)).toThrow('got weights format 1 of FULLY_CONNECTED, expected DEFAULT (0)');
  });
});

describe('ADD and MUL', () => {
  it.each([
    {op: 'ADD', options: addOptions(), expected: [11, 22, 33, 14, 25, 36]},
    {op: 'MUL', options: mulOptions(), expected: [10, 40, 90, 40, 100, 180]},
  ] as const)('$op stretches a row over a matrix', ({op, options, expected}) => {
    const row = {name: 'row', shape: [3], data: [10, 20, 30]};
    const bytes = fileOf({shape: [2, 3]}, {shape: [2, 3]}, {op, options}, [row]);
    expect(Array.from(evaluateReference(readTflite(bytes), [1, 2, 3, 4, 5, 6]))).toEqual(expected);
  });
});

describe('operators on single values', () => {
  const x = [-7, -1.5, -0.5, 0, 0.5, 1.5, 7];
  it.each([
    {op: 'RELU', expected: [0, 0, 0, 0, 0.5, 1.5, 7]},
    {op: 'RELU6', expected: [0, 0, 0, 0, 0.5, 1.5, 6]},
    {op: 'RELU_N1_TO_1', expected: [-1, -1, -0.5, 0, 0.5, 1, 1]},
    {op: 'LOGISTIC', expected: x.map((value) => 1 / (1 + Math.exp(-value)))},
    {op: 'LEAKY_RELU', options: leakyReluOptions(0.25), expected: [-1.75, -0.375, -0.125, 0, 0.5, 1.5, 7]},
  ] as const)('$op', ({op, expected, ...rest}) => {
    const bytes = fileOf({shape: [1, 7]}, {shape: [1, 7]}, {op, ...rest});
    expect(maxAbsDifference(evaluateReference(readTflite(bytes), x), expected)).toBeLessThan(1e-12);
  });

  it('SOFTMAX runs over the last dimension, sharpened by beta', () => {
    const bytes = fileOf({shape: [2, 2]}, {shape: [2, 2]}, {op: 'SOFTMAX', options: softmaxOptions(2)});
    const first = 1 / (1 + Math.exp(2)); // of the logits 1 and 2, beta 2
    const expected = [first, 1 - first, 0.5, 0.5];
    expect(maxAbsDifference(evaluateReference(readTflite(bytes), [1, 2, 4, 4]), expected)).toBeLessThan(
      1e-12,
    );
  });
});

describe('QUANTIZE and DEQUANTIZE', () => {
  const int8 = {shape: [1, 2], type: 'int8', scale: [0.5], zeroPoint: [3]} as const;

  it('QUANTIZE becomes QuantizeLinear with the scale on its output', () => {
    const graph = readTflite(fileOf({shape: [1, 2]}, int8, {op: 'QUANTIZE'}));
    expect(opsOf(graph)).toEqual(['QuantizeLinear']);
    expect(graph.tensors.get('y')?.quantisation?.scale[0]).toBe(0.5);
  });

  it('QUANTIZE of a quantised tensor passes through float32', () => {
    const uint8 = {shape: [1, 2], type: 'uint8', scale: [0.5], zeroPoint: [131]} as const;
    const graph = readTflite(fileOf(uint8, int8, {op: 'QUANTIZE'}));
    expect(opsOf(graph)).toEqual(['DequantizeLinear', 'QuantizeLinear']);
  });

  it('DEQUANTIZE becomes DequantizeLinear', () => {
    const graph = readTflite(fileOf(int8, {shape: [1, 2]}, {op: 'DEQUANTIZE'}));
    expect(opsOf(graph)).toEqual(['DequantizeLinear']);
  });
});

describe('RESHAPE', () => {
  const shapeInput = {name: 'shape', shape: [2], type: 'int32', data: [3, -1]} as const;

  it('takes the shape from its second input and infers the one size left open', () => {
    const graph = readTflite(fileOf({shape: [1, 6]}, {shape: [3, 2]}, {op: 'RESHAPE'}, [shapeInput]));
    expect(graph.nodes).toMatchObject([{op: 'Reshape', attributes: {shape: [3, 2]}}]);
    expect([...graph.tensors.keys()]).toEqual(['x', 'y']);
  });

  it('takes a 64-bit shape', () => {
    const shape = {...shapeInput, type: 'int64'} as const;
    const graph = readTflite(fileOf({shape: [1, 6]}, {shape: [3, 2]}, {op: 'RESHAPE'}, [shape]));
    expect(graph.nodes).toMatchObject([{op: 'Reshape', attributes: {shape: [3, 2]}}]);
  });

  it('takes the shape from its options where there is no second input', () => {
    const options = reshapeOptions([-1, 2]);
    const graph = readTflite(fileOf({shape: [1, 6]}, {shape: [3, 2]}, {op: 'RESHAPE', options}));
    expect(graph.nodes).toMatchObject([{op: 'Reshape', attributes: {shape: [3, 2]}}]);
  });

  it.each([
    {asked: [4, -1], message: 'got new shape [4, -1] for 6 values, expected one size left to infer'},
    {asked: [-1, -1], message: 'got new shape [-1, -1] for 6 values, expected one size left to infer'},
    {asked: [6, 1], message: 'got shape [3, 2] of y, expected [6, 1], which RESHAPE asks for'},
  ])('refuses $asked for six values declared as [3, 2]', ({asked, message}) => {
    const options = reshapeOptions(asked);
    const bytes = fileOf({shape: [1, 6]}, {shape: [3, 2]}, {op: 'RESHAPE', options});
    expect(() => readTflite(bytes)).toThrow(message);
  });
});

describe('TRANSPOSE, MEAN, PAD, PADV2 and CONCATENATION', () => {
  const matrix = [1, 2, 3, 4, 5, 6];

  it('TRANSPOSE takes its permutation from the second input', () => {
    const permutation = {name: 'p', shape: [2], type: 'int32', data: [1, 0]} as const;
    const bytes = fileOf({shape: [2, 3]}, {shape: [3, 2]}, {op: 'TRANSPOSE'}, [permutation]);
    expect(Array.from(evaluateReference(readTflite(bytes), matrix))).toEqual([1, 4, 2, 5, 3, 6]);
  });

  it.each([
    {title: 'drops the axis', keepDims: false, axes: [-1], shape: [2], expected: [2, 5]},
    {title: 'keeps the axis', keepDims: true, axes: [0], shape: [1, 3], expected: [2.5, 3.5, 4.5]},
    {title: 'takes an axis named twice once', keepDims: false, axes: [1, -1], shape: [2], expected: [2, 5]},
  ])('MEAN $title', ({keepDims, axes, shape, expected}) => {
    const axis = {name: 'axes', shape: [axes.length], type: 'int32', data: axes} as const;
    const options = reducerOptions(keepDims);
    const bytes = fileOf({shape: [2, 3]}, {shape}, {op: 'MEAN', options}, [axis]);
    expect(Array.from(evaluateReference(readTflite(bytes), matrix))).toEqual(expected);
  });

  it('PAD puts zeros around', () => {
    const paddings = {name: 'p', shape: [2, 2], type: 'int32', data: [1, 0, 0, 2]} as const;
    const bytes = fileOf({shape: [1, 2]}, {shape: [2, 4]}, {op: 'PAD'}, [paddings]);
    expect(Array.from(evaluateReference(readTflite(bytes), [8, 9]))).toEqual([0, 0, 0, 0, 8, 9, 0, 0]);
  });

  it('PADV2 puts its value around, as a real number also in quantised graphs', () => {
    const paddings = {name: 'p', shape: [2, 2], type: 'int32', data: [0, 0, 1, 0]} as const;
    const quantised = {type: 'int8', scale: [0.5], zeroPoint: [3]} as const;
    const value = {name: 'v', shape: [], data: [-5], ...quantised} as const;
    const bytes = fileOf({shape: [1, 2], ...quantised}, {shape: [1, 3], ...quantised}, {op: 'PADV2'}, [
      paddings,
      value,
    ]);
    expect(readTflite(bytes).nodes).toMatchObject([
      {op: 'Pad', attributes: {before: [0, 1], after: [0, 0], value: -4}},
    ]);
  });

  it('CONCATENATION joins along an axis counted from the end', () => {
    const other = {name: 'other', shape: [2, 1], data: [7, 8]};
    const options = concatenationOptions(-1);
    const bytes = fileOf({shape: [2, 3]}, {shape: [2, 4]}, {op: 'CONCATENATION', options}, [other]);
    expect(Array.from(evaluateReference(readTflite(bytes), matrix))).toEqual([1, 2, 3, 7, 4, 5, 6, 8]);
  });
});

describe('fused activations', () => {
  const one = {name: 'one', shape: [1], data: [1]};
  const add = (activation: Parameters<typeof addOptions>[0]): Graph =>
    readTflite(fileOf({shape: [1, 4]}, {shape: [1, 4]}, {op: 'ADD', options: addOptions(activation)}, [one]));

  it.each([
    {activation: 'none', ops: ['Add'], expected: [-8, 0.5, 1.5, 8]},
    {activation: 'relu', ops: ['Add', 'Relu'], expected: [0, 0.5, 1.5, 8]},
    {activation: 'relu6', ops: ['Add', 'Clip'], expected: [0, 0.5, 1.5, 6]},
    {activation: 'relu-n1-to-1', ops: ['Add', 'Clip'], expected: [-1, 0.5, 1, 1]},
  ] as const)('$activation is a node of its own in float32', ({activation, ops, expected}) => {
    const graph = add(activation);
    expect(opsOf(graph)).toEqual(ops);
    expect(Array.from(evaluateReference(graph, [-9, -0.5, 0.5, 7]))).toEqual(expected);
  });

  it('are refused where they are no clamp', () => {
    expect(() => add('tanh')).toThrow('got fused activation TANH, expected NONE, RELU, RELU_N1_TO_1, RELU6');
  });

  const quantisedAdd = (activation: 'relu' | 'relu6', scale: number, zeroPoint: number): Graph => {
    const int8 = {shape: [1, 4], type: 'int8', scale: [scale], zeroPoint: [zeroPoint]} as const;
    const constant = {...int8, name: 'c', data: [1, 2, 3, 4]};
    return readTflite(fileOf(int8, int8, {op: 'ADD', options: addOptions(activation)}, [constant]));
  };

  it('add no node where int8 saturates at the same places', () => {
    expect(opsOf(quantisedAdd('relu', 0.1, -128))).toEqual(['Add']);
    expect(opsOf(quantisedAdd('relu6', 6 / 255, -128))).toEqual(['Add']);
  });

  it('stay where the clamp changes int8 values, with the same quantisation before and after', () => {
    for (const graph of [quantisedAdd('relu', 0.1, 0), quantisedAdd('relu6', 0.1, -128)]) {
      expect(graph.nodes).toHaveLength(2);
      const [before, after] = graph.nodes.map(({outputs: [name]}) => graph.tensors.get(name ?? ''));
      expect(before?.quantisation).toEqual(after?.quantisation);
      expect(after?.name).toBe('y');
    }
  });
});
