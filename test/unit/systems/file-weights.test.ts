import {describe, expect, test} from 'vitest';
import {readSafetensors, type SafetensorsTensor} from '../../../src/formats/safetensors.ts';
import {ModelFormatError} from '../../../src/graph/model-format-error.ts';
import {NetworkBuilder} from '../../../src/systems/network-builder.ts';
import {readFloats, readWeight} from '../../../src/systems/file-weights.ts';
import {writeSafetensors} from '../../support/safetensors.ts';

const floats = (shape: number[], ...data: number[]): SafetensorsTensor => ({
  type: 'F32',
  shape,
  data: Float32Array.from(data),
});
const int8s = (shape: number[], ...data: number[]): SafetensorsTensor => ({
  type: 'I8',
  shape,
  data: Int8Array.from(data),
});
const weight = int8s([2, 3], -128, 0, 127, 1, 2, -3);
const scale = floats([2], 0.5, 2);

describe('a weight of int8', () => {
  test('is each output times the scale of that output', () => {
    const weights = new Map(Object.entries({w: weight, 'w.scale': scale}));
    expect(readWeight(weights, 'w', [2, 3])).toEqual(Float32Array.of(-64, 0, 63.5, 2, 4, -6));
  });

  test('keeps its outputs apart where a kernel has height and width', () => {
    const kernel = int8s([2, 1, 2, 1], 1, 2, 3, 4);
    const weights = new Map(Object.entries({w: kernel, 'w.scale': scale}));
    expect(readWeight(weights, 'w', [2, 1, 2, 1])).toEqual(Float32Array.of(0.5, 1, 6, 8));
  });

  test('is read from a file into the graph, beside a bias of float16', () => {
    const header = {
      'head.weight.scale': {dtype: 'F32', shape: [2], data_offsets: [0, 8]},
      'head.bias': {dtype: 'F16', shape: [2], data_offsets: [8, 12]},
      'head.weight': {dtype: 'I8', shape: [2, 1], data_offsets: [12, 14]},
    };
    const data = new Uint8Array([0, 0, 0, 0x3f, 0, 0, 0, 0x40, 0, 0x3c, 0, 0xc0, 0xff, 3]); // 0.5, 2 · 1, −2 · −1, 3
    const weights = readSafetensors(writeSafetensors(header, data));
    const network = new NetworkBuilder(weights, {name: 'test', input: 'x', shape: [1, 1, 4, 4]});
    const graph = network.classify('head', 2);
    expect(graph.tensors.get('head.weight')).toMatchObject({type: 'float32', data: Float32Array.of(-0.5, 6)});
    expect(graph.tensors.get('head.bias')).toMatchObject({type: 'float32', data: Float32Array.of(1, -2)});
  });

  test.each([
    ['is missing', undefined, 'no "w.scale"'],
    ['is of another length', floats([3], 1, 1, 1), '"w.scale" as F32 [3]'],
    ['is of another rank', floats([2, 1], 1, 1), '"w.scale" as F32 [2, 1]'],
    ['is of another type', int8s([2], 1, 1), '"w.scale" as I8 [2]'],
    ['is rounded to float16', {...scale, type: 'F16' as const}, '"w.scale" as F16 [2]'],
  ])('is refused where its scale %s', (_, wrong, got) => {
    const weights = new Map([['w', weight], ...(wrong ? [['w.scale', wrong] as const] : [])]);
    expect(() => readWeight(weights, 'w', [2, 3])).toThrow(ModelFormatError);
    expect(() => readWeight(weights, 'w', [2, 3])).toThrow(`got ${got}, expected "w.scale" as F32 [2]`);
  });

  test.each([0, -1, NaN, Infinity])('is refused with a scale of %f', (value) => {
    const weights = new Map(Object.entries({w: weight, 'w.scale': floats([2], 1, value)}));
    expect(() => readWeight(weights, 'w', [2, 3])).toThrow(ModelFormatError);
    expect(() => readWeight(weights, 'w', [2, 3])).toThrow(`got ${value} in "w.scale", expected scales`);
  });

  test('is no bias: there a float is expected', () => {
    const weights = new Map(Object.entries({b: int8s([2], 1, 2), 'b.scale': scale}));
    expect(() => readFloats(weights, 'b', [2])).toThrow('got "b" as I8 [2], expected "b" as F16 or F32 [2]');
  });
});

describe('a weight of floats', () => {
  test.each(['F16', 'F32'] as const)('of type %s is taken as it is, without a scale', (type) => {
    const weights = new Map([['w', {...floats([1, 2], 3, 4), type}]]);
    expect(readWeight(weights, 'w', [1, 2])).toEqual(Float32Array.of(3, 4));
  });
});

test.each([
  ['of another type', {type: 'U8' as const, shape: [1, 2], data: Uint8Array.of(1, 2)}, '"w" as U8 [1, 2]'],
  ['of another shape', floats([2, 1], 1, 2), '"w" as F32 [2, 1]'],
  ['that is missing', undefined, 'no "w"'],
])('a weight %s is refused', (_, wrong, got) => {
  const weights = new Map(wrong ? [['w', wrong]] : []);
  expect(() => readWeight(weights, 'w', [1, 2])).toThrow(ModelFormatError);
  expect(() => readWeight(weights, 'w', [1, 2])).toThrow(`got ${got}, expected "w" as F16, F32 or I8 [1, 2]`);
});
