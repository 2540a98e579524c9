import {describe, expect, test} from 'vitest';
import {readSafetensors} from '../../../src/formats/safetensors.ts';
import {ModelFormatError} from '../../../src/graph/model-format-error.ts';
import {writeSafetensors} from '../../support/safetensors.ts';

const FOUR_BYTES = new Uint8Array([0, 0, 128, 63]); // 1 as float32

function scalar(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {a: {dtype: 'F32', shape: [1], data_offsets: [0, 4], ...fields}};
}

function expectRefused(bytes: Uint8Array, message: RegExp): void {
  expect(() => readSafetensors(bytes)).toThrow(ModelFormatError);
  expect(() => readSafetensors(bytes)).toThrow(message);
}

describe('reading', () => {
  test('gives type, shape and values of every tensor in file order', () => {
    const header = {
      later: {dtype: 'F16', shape: [1, 2], data_offsets: [3, 7]},
      __metadata__: {made: 'by hand'},
      first: {dtype: 'I8', shape: [3], data_offsets: [0, 3]},
    };
    const tensors = readSafetensors(
      writeSafetensors(header, new Uint8Array([255, 2, 128, 0, 0x3c, 0, 0xc0])),
    );
    expect([...tensors.keys()]).toEqual(['first', 'later']);
    expect(tensors.get('first')).toEqual({type: 'I8', shape: [3], data: Int8Array.of(-1, 2, -128)});
    expect(tensors.get('later')).toEqual({type: 'F16', shape: [1, 2], data: Float32Array.of(1, -2)});
  });

  test('takes int32, uint8, scalars and empty tensors', () => {
    const header = {
      empty: {dtype: 'U8', shape: [2, 0], data_offsets: [0, 0]},
      scalar: {dtype: 'I32', shape: [], data_offsets: [0, 4]},
    };
    const tensors = readSafetensors(writeSafetensors(header, new Uint8Array([255, 255, 255, 255])));
    expect(tensors.get('empty')?.data).toEqual(new Uint8Array(0));
    expect(tensors.get('scalar')?.data).toEqual(Int32Array.of(-1));
  });

  test('copies: a change of the file leaves the tensors as they were', () => {
    const bytes = writeSafetensors(scalar(), FOUR_BYTES);
    const tensors = readSafetensors(bytes);
    bytes.fill(0);
    expect(tensors.get('a')?.data).toEqual(Float32Array.of(1));
  });

  test('reads a file that lies unaligned within a larger buffer', () => {
    const file = writeSafetensors(scalar(), FOUR_BYTES);
    const larger = new Uint8Array(file.length + 8);
    larger.set(file, 3);
    expect(readSafetensors(larger.subarray(3, 3 + file.length)).get('a')?.data).toEqual(Float32Array.of(1));
  });
});

test('reads a Node Buffer, whose slice is a view, as any other bytes', () => {
  const tensors = readSafetensors(Buffer.from(writeSafetensors(scalar(), FOUR_BYTES)));
  expect(tensors.get('a')?.data).toEqual(Float32Array.of(1));
});

describe('refusing', () => {
  test('a file too short for its header length', () => {
    expectRefused(new Uint8Array(7), /a file of 7 bytes/);
  });

  test('a header longer than the file, up to 2^64 - 1 bytes', () => {
    const bytes = writeSafetensors(scalar(), FOUR_BYTES);
    bytes.fill(255, 0, 8);
    expectRefused(bytes, /header of 18446744073709551615 bytes/);
  });

  test('a header over 1 MB even where the file is that long', () => {
    expectRefused(writeSafetensors(' '.repeat(2 ** 20 + 1)), /at most 1048576 bytes/);
  });

  test.each(['{', '[]', 'null', '"text"', '\u0000'])('a header that is %j', (header) => {
    expectRefused(writeSafetensors(header), /UTF-8 JSON|a JSON object/);
  });

  test('a header that is not UTF-8', () => {
    const bytes = writeSafetensors('{"a"}');
    bytes[10] = 0xff;
    expectRefused(bytes, /UTF-8 JSON/);
  });

  test.each(['BF16', 'f32', 'toString', undefined, 1])('a tensor of type %j', (dtype) => {
    expectRefused(writeSafetensors(scalar({dtype}), FOUR_BYTES), /tensor "a" of type/);
  });

  test.each([[[-1]], [[1.5]], ['4'], [[2 ** 53]], [[null]]])('a shape of %j', (shape) => {
    expectRefused(writeSafetensors(scalar({shape}), FOUR_BYTES), /tensor "a" of shape/);
  });

  test.each([[[0]], [[0, 4, 4]], [[-4, 0]], [undefined], [['0', '4']]])('offsets of %j', (data_offsets) => {
    expectRefused(writeSafetensors(scalar({data_offsets}), FOUR_BYTES), /tensor "a" at/);
  });

  test('a tensor that is no object', () => {
    expectRefused(writeSafetensors({a: 1}), /tensor "a" that is no object/);
  });

  test('a size that does not fit the shape, however absurd the shape', () => {
    expectRefused(
      writeSafetensors(scalar({shape: [2]}), FOUR_BYTES),
      /got 4 bytes for tensor "a", expected 8/,
    );
    const absurd = scalar({shape: [2 ** 40, 2 ** 40]});
    expectRefused(writeSafetensors(absurd, FOUR_BYTES), /got 4 bytes/);
    expectRefused(
      writeSafetensors(scalar({data_offsets: [0, 2 ** 50], shape: [2 ** 48]}), FOUR_BYTES),
      /tensor data/,
    );
  });

  test('offsets in the wrong order', () => {
    expectRefused(writeSafetensors(scalar({data_offsets: [0, 0], shape: [1]}), FOUR_BYTES), /got 0 bytes/);
    expectRefused(writeSafetensors(scalar({data_offsets: [4, 0]}), FOUR_BYTES), /at byte 4/);
  });

  test.each([
    ['a gap', 5, 9],
    ['an overlap', 3, 7],
  ])('%s between two tensors', (_, begin, end) => {
    const header = {...scalar(), b: {dtype: 'F32', shape: [1], data_offsets: [begin, end]}};
    expectRefused(writeSafetensors(header, new Uint8Array(9)), /without gap or overlap/);
  });

  test('bytes left over after the last tensor, or missing', () => {
    expectRefused(writeSafetensors(scalar(), new Uint8Array(5)), /got 5 bytes of tensor data, expected 4/);
    expectRefused(writeSafetensors(scalar(), new Uint8Array(3)), /got 3 bytes of tensor data, expected 4/);
  });
});
