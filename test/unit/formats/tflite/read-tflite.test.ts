import {describe, expect, it} from 'vitest';
import {readTflite} from '../../../../src/formats/tflite/read-tflite.ts';
import {evaluateReference} from '../../../support/reference-evaluator.ts';
import {sampleFloatNetwork, sampleInt8Network} from '../../../support/tflite-samples.ts';
import {addOptions, type FileSpec, leakyReluOptions, writeTflite} from '../../../support/tflite-writer.ts';

const ADD: FileSpec = {
  tensors: [
    {name: 'x', shape: [1, 2]},
    {name: 'c', shape: [2], data: [0.5, -0.25]},
    {name: 'y', shape: [1, 2]},
  ],
  operators: [{op: 'ADD', inputs: ['x', 'c'], outputs: ['y'], options: addOptions()}],
  inputs: ['x'],
  outputs: ['y'],
};

describe('readTflite', () => {
  it('reads a whole int8 network: shapes, layouts and quantisation of every step', () => {
    const graph = readTflite(sampleInt8Network());
    const steps = graph.nodes.map(({op, outputs: [name = '']}) => [op, graph.tensors.get(name)?.shape]);
    expect(steps).toEqual([
      ['Reshape', [1, 1, 8, 5]],
      ['Conv', [1, 6, 4, 5]],
      ['Conv', [1, 12, 4, 5]],
      ['Clip', [1, 12, 4, 5]],
      ['AveragePool', [1, 12, 1, 1]],
      ['Reshape', [1, 12]],
      ['Gemm', [1, 4]],
      ['Softmax', [1, 4]],
    ]);
  });

  it('reads a whole float32 network with a hybrid layer, a branch and one transpose where the image enters', () => {
    const graph = readTflite(sampleFloatNetwork());
    expect(graph.nodes.map(({op}) => op)).toEqual([
      'Pad',
      'Transpose',
      'Conv',
      'Add',
      'Clip',
      'Concat',
      'ReduceMean',
    ]);
  });

  it.each(['deprecated', 'extended', 'both'] as const)(
    'takes operator numbers from %s fields',
    (operatorCodes) => {
      expect(readTflite(writeTflite({...ADD, operatorCodes})).nodes.map(({op}) => op)).toEqual(['Add']);
      const leaky: FileSpec = {
        ...ADD,
        operatorCodes,
        operators: [{op: 'LEAKY_RELU', inputs: ['x'], outputs: ['y'], options: leakyReluOptions(0.1)}],
      };
      expect(readTflite(writeTflite(leaky)).nodes.map(({op}) => op)).toEqual(['LeakyRelu']);
    },
  );

  it('keeps aligned constants as views of the file', () => {
    const bytes = writeTflite(ADD);
    const {data} = readTflite(bytes).tensors.get('c') ?? {};
    expect(data?.buffer).toBe(bytes.buffer);
  });

  it.each([1, 2, 3])('reads a file that begins %i bytes into a Node Buffer', (offset) => {
    const bytes = writeTflite(ADD);
    const buffer = Buffer.alloc(bytes.length + offset);
    buffer.set(bytes, offset);
    const graph = readTflite(buffer.subarray(offset));
    expect(Array.from(evaluateReference(graph, [1, 2]))).toEqual([1.5, 1.75]);
  });

  it('reads constants wherever the writer put them', () => {
    const tensors = ADD.tensors.map((tensor) => ({...tensor, dataAlignment: 1}));
    const graph = readTflite(writeTflite({...ADD, tensors}));
    expect(Array.from(evaluateReference(graph, [1, 2]))).toEqual([1.5, 1.75]);
  });

  it('tells tensors of one name apart, and leaves the ends of the network theirs', () => {
    const renamed = {x: 'in', c: 'same', y: 'out', z: 'same'};
    const spec: FileSpec = {
      ...ADD,
      tensors: [...ADD.tensors, {name: 'z', shape: [1, 2]}],
      operators: [
        {op: 'ADD', inputs: ['x', 'c'], outputs: ['z'], options: addOptions()},
        {op: 'RELU', inputs: ['z'], outputs: ['y']},
      ],
    };
    const graph = readTflite(writeTflite({...spec, names: renamed}));
    expect([graph.inputs, graph.outputs]).toEqual([['in'], ['out']]);
    expect(graph.tensors.size).toBe(4);
    expect(Array.from(evaluateReference(graph, [-1, 2]))).toEqual([0, 1.75]);
  });

  it('does not look at tensors that nothing uses', () => {
    const tensors = [...ADD.tensors, {name: 'odd', shape: [-1], type: 'float16', isSparse: true} as const];
    const names = [...readTflite(writeTflite({...ADD, tensors})).tensors.keys()];
    expect(names.sort()).toEqual(['c', 'x', 'y']);
  });

  it('takes a tensor whose quantisation holds no scale as not quantised', () => {
    const tensors = ADD.tensors.map((tensor) => ({...tensor, scale: []}));
    expect(readTflite(writeTflite({...ADD, tensors})).tensors.get('x')?.quantisation).toBeUndefined();
  });
});
