import {describe, expect, it} from 'vitest';
import {readTflite} from '../../../../src/formats/tflite/read-tflite.ts';
import {ModelFormatError} from '../../../../src/graph/model-format-error.ts';
import * as flat from '../../../support/flat-buffer-writer.ts';
import {sampleInt8Network} from '../../../support/tflite-samples.ts';
import {
  addOptions,
  conv2dOptions,
  type FileSpec,
  mulOptions,
  type OperatorName,
  poolOptions,
  type TensorSpec,
  writeTflite,
} from '../../../support/tflite-writer.ts';

/** y = x + c, with parts replaced. */
function addFile({
  x,
  c,
  y,
  ...rest
}: Partial<FileSpec> & {x?: object; c?: object; y?: object} = {}): Uint8Array {
  return writeTflite({
    tensors: [
      {name: 'x', shape: [1, 4], ...x},
      {name: 'c', shape: [4], data: [1, 2, 3, 4], ...c},
      {name: 'y', shape: [1, 4], ...y},
    ],
    operators: [{op: 'ADD', inputs: ['x', 'c'], outputs: ['y'], options: addOptions()}],
    inputs: ['x'],
    outputs: ['y'],
    ...rest,
  });
}

function refusal(bytes: Uint8Array): string {
  try {
    readTflite(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(ModelFormatError);
    return (error as ModelFormatError).message;
  }
  throw new Error('the file was accepted');
}

const operator = (op: OperatorName): FileSpec['operators'] => [{op, inputs: ['x'], outputs: ['y']}];

describe('readTflite refuses, with got and expected,', () => {
  it('nothing about the file that the others are made from', () => {
    expect(readTflite(addFile()).nodes.map(({op}) => op)).toEqual(['Add']);
  });

  it('another kind of file', () => {
    expect(refusal(addFile({identifier: 'TFL2'}))).toBe('got file identifier "TFL2", expected "TFL3"');
    expect(refusal(new TextEncoder().encode('RIFF….WAVEfmt '))).toMatch(
      /^got file identifier ".+", expected "TFL3"$/,
    );
    expect(refusal(new Uint8Array(0))).toMatch(
      /^got 4 bytes at 4 of a file of 0, expected offsets inside the file/,
    );
  });

  it('another schema version', () => {
    expect(refusal(addFile({version: 2}))).toBe('got schema version 2, expected 3');
  });

  it('a file cut off at any byte', () => {
    const bytes = sampleInt8Network();
    for (let length = 0; length < bytes.length; length += 7) {
      expect(refusal(bytes.slice(0, length)), `cut to ${length} bytes`).toMatch(/^got .+, expected .+/);
    }
  });

  it('no subgraph and several', () => {
    expect(refusal(addFile({subgraphCount: 0}))).toBe('got 0 subgraphs, expected one, without control flow');
    expect(refusal(addFile({subgraphCount: 2}))).toBe('got 2 subgraphs, expected one, without control flow');
  });

  it('operators it does not know, by name', () => {
    expect(refusal(addFile({operators: operator('TANH')}))).toMatch(/^got operator TANH, expected ADD, /);
    expect(refusal(addFile({operators: operator('GELU')}))).toMatch(/^got operator GELU, expected ADD, /);
    expect(refusal(addFile({operators: operator('CUSTOM')}))).toMatch(
      /^got operator CUSTOM "MyOperator", expected/,
    );
  });

  it('operators without a name, by number', () => {
    const bytes = flat.writeFlatBuffer('TFL3', [
      flat.int32(3),
      flat.tables([[flat.uint8(127), undefined, undefined, flat.int32(4711)]]),
      flat.tables([[flat.tables([[]]), flat.int32s([0]), flat.int32s([0]), flat.tables([[flat.int32(0)]])]]),
      undefined,
      flat.tables([[]]),
    ]);
    expect(refusal(bytes)).toMatch(/^got operator 4711, expected ADD, /);
  });

  it.each([
    {
      title: 'too little data',
      c: {bytes: new Uint8Array(12)},
      message: 'got 12 bytes in c, expected 16, for float32 [4]',
    },
    {
      title: 'too much data',
      c: {bytes: new Uint8Array(20)},
      message: 'got 20 bytes in c, expected 16, for float32 [4]',
    },
    {
      title: 'a buffer that is not there',
      c: {buffer: 99},
      message: 'got buffer 99 of c, expected one of the 4 in the file',
    },
    {
      title: 'a size below zero',
      x: {shape: [1, -4]},
      message: 'got shape [1, -4] of x, expected positive whole sizes',
    },
    {
      title: 'sizes beyond all memory',
      x: {shape: [2_000_000_000, 2_000_000_000]},
      message: 'got shape [2000000000, 2000000000] of x, expected at most 67108864 values in a tensor',
    },
    {
      title: 'more dimensions than any network has',
      x: {shape: [1, 1, 1, 1, 1, 1, 1, 1, 4]},
      message: 'got 9 dimensions in x, expected at most 8',
    },
    {
      title: 'a type without a place in graphs',
      x: {type: 'float16'},
      message: 'got FLOAT16 tensor x, expected FLOAT32, INT8, UINT8, INT32, INT64',
    },
    {title: 'state', x: {isVariable: true}, message: 'got variable tensor x, expected no state'},
    {title: 'sparse tensors', c: {isSparse: true}, message: 'got sparse tensor c, expected dense tensors'},
  ])('$title', ({message, title, ...parts}) => {
    expect(refusal(addFile(parts)), title).toBe(message);
  });

  const int8 = (more: Partial<TensorSpec>): object => ({type: 'int8', scale: [0.1], zeroPoint: [0], ...more});
  it.each([
    {
      title: 'zero points that do not fit the type',
      x: int8({zeroPoint: [200]}),
      message: 'got a zero point of x outside int8, expected -128 to 127',
    },
    {
      title: 'zero points that do not fit 32 bits',
      x: int8({zeroPoint: [2n ** 40n]}),
      message: 'got 64-bit value 1099511627776, expected a value that fits 32 bits',
    },
    {
      title: 'fewer zero points than scales',
      x: int8({scale: [1, 1, 1, 1], zeroPoint: [0], axis: 1}),
      message: 'got 4 scales and 1 zero points of x, expected one of each, or 4 of each',
    },
    {
      title: 'as many scales as no dimension has',
      x: int8({scale: [1, 1, 1], zeroPoint: [0, 0, 0], axis: 1}),
      message: 'got 3 scales and 3 zero points of x, expected one of each, or 4 of each',
    },
    {
      title: 'a quantised dimension that is not there',
      x: int8({scale: [1, 1], zeroPoint: [0, 0], axis: 7}),
      message: 'got quantised dimension 7 of x, expected one of its 2',
    },
    ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY].map((scale) => ({
      title: `a scale of ${scale}`,
      x: int8({scale: [scale]}),
      message: 'got a scale of x that is zero, negative or not finite, expected positive scales',
    })),
  ])('$title', ({message, x}) => {
    expect(refusal(addFile({x}))).toBe(message);
  });

  it('operands that do not fit one another', () => {
    expect(refusal(addFile({c: {shape: [2, 2]}}))).toBe(
      'got operands of shapes [1, 4] and [2, 2], expected shapes that broadcast to one another',
    );
  });

  it('an output whose declared shape is not what the operator computes', () => {
    expect(refusal(addFile({y: {shape: [4, 4]}}))).toBe(
      'got shape [4, 4] of y, expected [1, 4], which Add computes',
    );
  });

  it('int8 arithmetic without quantisation, and float32 with int8 operands', () => {
    expect(refusal(addFile({x: {type: 'int8'}}))).toBe('got float32 tensor c at Add, expected int8');
    const plain = {type: 'int8'} as const;
    expect(refusal(addFile({x: plain, y: plain, c: {type: 'int8'}}))).toBe(
      'got int8 tensor x with 0 scales at Add, expected int8 or uint8 with one scale and zero point',
    );
  });

  it('options of another operator, and none where some are needed', () => {
    const add = {op: 'ADD', inputs: ['x', 'c'], outputs: ['y']} as const;
    expect(refusal(addFile({operators: [{...add, options: mulOptions()}]}))).toBe(
      'got options of ADD of type 21, expected options of type 11',
    );
    expect(refusal(addFile({operators: [add]}))).toBe('got options of ADD none, expected options of type 11');
  });

  it('operators in an order that cannot run, tensors written twice and outputs that nothing computes', () => {
    const add = {op: 'ADD', options: addOptions()} as const;
    const operators = [{...add, inputs: ['y', 'c'], outputs: ['y']}];
    expect(refusal(addFile({operators}))).toMatch(/reading y before it is computed/);
    const twice = [0, 1].map(() => ({...add, inputs: ['x', 'c'], outputs: ['y']}));
    expect(refusal(addFile({operators: twice}))).toMatch(/output of Add y defined twice/);
    expect(refusal(addFile({outputs: ['c']}))).toMatch(
      /graph output c, expected a tensor that a node computes/,
    );
    expect(refusal(addFile({inputs: ['c']}))).toMatch(/graph input c defined twice/);
  });

  it('too many inputs and missing ones', () => {
    const add = {op: 'ADD', outputs: ['y'], options: addOptions()} as const;
    expect(refusal(addFile({operators: [{...add, inputs: ['x', 'c', 'c']}]}))).toBe(
      'got ADD with 3 inputs and 1 outputs, expected at most 2 inputs and 1 output',
    );
    expect(refusal(addFile({operators: [{...add, inputs: ['x', '']}]}))).toBe(
      'got ADD without input 1, expected a tensor',
    );
  });

  const image = {
    tensors: [
      {name: 'x', shape: [1, 5, 5, 1]},
      {name: 'w', shape: [1, 3, 3, 1], data: new Array<number>(9).fill(1)},
      {name: 'y', shape: [1, 3, 3, 1]},
    ],
    inputs: ['x'],
    outputs: ['y'],
  };
  it.each([
    {
      strides: [0, 1],
      message: 'got kernel, strides and dilations 3, 3, 0, 1, 1, 1, expected at least 1 each',
    },
    {
      strides: [-1, 1],
      message: 'got kernel, strides and dilations 3, 3, -1, 1, 1, 1, expected at least 1 each',
    },
    {dilations: [4, 1], message: 'got a window of 9 cells, expected at most 5, pads included'},
  ] as const)('a convolution with $strides $dilations', ({message, ...options}) => {
    const operators = [
      {op: 'CONV_2D', inputs: ['x', 'w'], outputs: ['y'], options: conv2dOptions(options)},
    ] as const;
    expect(refusal(writeTflite({...image, operators}))).toBe(message);
  });

  it('weights computed at run time', () => {
    const operators = [
      {op: 'CONV_2D', inputs: ['x', 'x'], outputs: ['y'], options: conv2dOptions()},
    ] as const;
    expect(refusal(writeTflite({...image, operators}))).toBe(
      'got x, computed at run time, as input 1 of CONV_2D, expected a constant',
    );
  });

  it('a pool whose padding alone would fill a giant plane', () => {
    const options = poolOptions({padding: 'same', kernel: [2 ** 30, 2 ** 30]});
    const operators = [{op: 'MAX_POOL_2D', inputs: ['x'], outputs: ['y'], options}] as const;
    const tensors = [image.tensors[0], {name: 'y', shape: [1, 5, 5, 1]}] as TensorSpec[];
    expect(refusal(writeTflite({...image, tensors, operators}))).toMatch(
      /of the padded input, expected at most/,
    );
  });
});
