import {describe, expect, it} from 'vitest';
import {openCheckpoint} from '../../../../src/formats/checkpoint/checkpoint.ts';
import {expectRefused} from '../../../support/expect-refused.ts';
import {CountedFile, joinPieces, type FilePiece} from '../../../support/file-pieces.ts';
import {dictionary, pickle, text} from '../../../support/pickle-writer.ts';
import {writeSafetensors} from '../../../support/safetensors.ts';
import {pickledTensor, writeTorchLegacy, type LegacyTensor} from '../../../support/torch-legacy-writer.ts';
import {writeZip} from '../../../support/zip-writer.ts';

const LARGE = 100_000_000; // float32 values: 400 MB
const SMALL = Float32Array.from([1, 2, 3, 4, 5, 6]);
/** For all names, shapes and places; a pickle or directory this small is read in a few pieces. */
const OPENING_LIMIT_BYTES = 2 ** 18;

const large = {key: '0', values: LARGE};
const small = {key: '1', values: SMALL};
const tensors: Readonly<Record<string, LegacyTensor>> = {
  large: {storage: large, shape: [10_000, 10_000], strides: [10_000, 1]},
  row: {storage: large, offset: 50_000_000, shape: [1000], strides: [1]},
  column: {storage: large, offset: 7, shape: [50], strides: [10_000]},
  small: {storage: small, shape: [3, 2], strides: [2, 1]},
};
const root = dictionary(Object.entries(tensors).map(([name, tensor]) => [text(name), pickledTensor(tensor)]));

function torchZip(): FilePiece[] {
  return writeZip([
    {name: 'archive/data.pkl', content: [pickle(root)]},
    {name: 'archive/data/0', content: [4 * LARGE]},
    {name: 'archive/data/1', content: [new Uint8Array(SMALL.buffer)]},
  ]);
}

describe('of a checkpoint of 400 MB, only what is asked for is read', () => {
  it.each([
    ['torch-legacy', (): FilePiece[] => writeTorchLegacy(root, [large, small])],
    ['torch-zip', torchZip],
    [
      'a legacy stream stored in a ZIP',
      () => writeZip([{name: 'a.pth', content: writeTorchLegacy(root, [large, small])}]),
    ],
  ])('%s', async (_, write) => {
    const file = new CountedFile(write());
    expect(file.sizeBytes).toBeGreaterThan(4 * LARGE);
    const checkpoint = await openCheckpoint(file);
    expect(file.readBytes).toBeLessThan(OPENING_LIMIT_BYTES);
    const bytesOf = async (name: string): Promise<number> => {
      const before = file.readBytes;
      expect(await checkpoint.tensors.get(name)?.read()).toHaveLength(
        tensors[name]?.shape.reduce((a, b) => a * b) ?? 0,
      );
      return file.readBytes - before;
    };
    const headerBytes = 30; // of a record in a ZIP, which the legacy stream does not have
    expect(await bytesOf('small')).toBeLessThanOrEqual(4 * 6 + headerBytes);
    expect(await bytesOf('row')).toBeLessThanOrEqual(4 * 1000 + headerBytes);
    expect(await bytesOf('column')).toBeLessThanOrEqual(4 * 50 + headerBytes);
    expect(file.longestRead).toBeLessThan(OPENING_LIMIT_BYTES);
    expect(Array.from((await checkpoint.tensors.get('small')?.read()) ?? [])).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('safetensors', async () => {
    const header = {
      __metadata__: {format: 'pt'},
      large: {dtype: 'F32', shape: [LARGE], data_offsets: [0, 4 * LARGE]},
      small: {dtype: 'F32', shape: [6], data_offsets: [4 * LARGE, 4 * LARGE + 24]},
    };
    const file = new CountedFile([writeSafetensors(header), 4 * LARGE, new Uint8Array(SMALL.buffer)]);
    const checkpoint = await openCheckpoint(file);
    expect(checkpoint.metadata).toEqual({format: 'pt'});
    const opening = file.readBytes;
    expect(opening).toBeLessThan(OPENING_LIMIT_BYTES);
    expect(await checkpoint.tensors.get('small')?.read()).toEqual(SMALL);
    expect(file.readBytes - opening).toBe(24);
  });
});

describe('a safetensors checkpoint', () => {
  it('gives every type as float32', async () => {
    const values: [string, Uint8Array][] = [
      ['F64', new Uint8Array(Float64Array.from([0.1, -2]).buffer)],
      ['BF16', new Uint8Array(Uint16Array.from([0x3fc0, 0xc000]).buffer)],
      ['F16', new Uint8Array(Uint16Array.from([0x3e00, 0xc000]).buffer)],
      ['I64', new Uint8Array(BigInt64Array.from([5n, -6n]).buffer)],
      ['I16', new Uint8Array(Int16Array.from([300, -300]).buffer)],
      ['BOOL', Uint8Array.from([0, 1])],
    ];
    let offset = 0;
    const entries = values.map(([dtype, {length}]) => {
      const data_offsets = [offset, (offset += length)];
      return [dtype, {dtype, shape: [2], data_offsets}] as const;
    });
    const bytes = writeSafetensors(Object.fromEntries(entries), joinPieces(values.map(([, data]) => data)));
    const {format, tensors: read} = await openCheckpoint(new Blob([bytes as Uint8Array<ArrayBuffer>]));
    expect(format).toBe('safetensors');
    const got: Record<string, number[]> = {};
    for (const tensor of read.values()) got[tensor.type] = Array.from(await tensor.read());
    expect(got).toEqual({
      F64: [Math.fround(0.1), -2],
      BF16: [1.5, -2],
      F16: [1.5, -2],
      I64: [5, -6],
      I16: [300, -300],
      BOOL: [0, 1],
    });
  });
});

describe('what is no checkpoint', () => {
  it.each([
    ['of no bytes', [], /the start of a checkpoint of 9 bytes/],
    ['of text', [new TextEncoder().encode('<!doctype html>')], /begins with 3c21646f, expected a checkpoint/],
    ['a pickle of something else', [pickle(text('hello')), 100], /a pickle of text hello/],
    [
      'a header of gigabytes',
      [Uint8Array.from([0, 0, 0, 0x40, 0, 0, 0, 0, 0x7b]), 100],
      /safetensors header of 1073741824/,
    ],
  ] as [string, FilePiece[], RegExp][])('is refused: %s', async (_, pieces, message) => {
    const opened = openCheckpoint(new CountedFile(pieces));
    await expectRefused(opened, message);
  });

  it('is refused where it ends before it says', async () => {
    const bytes = joinPieces(writeTorchLegacy(root, [{key: '0', values: LARGE / 1e5}, small]));
    const file = {sizeBytes: 500_000_000, read: new CountedFile([bytes]).read.bind(new CountedFile([bytes]))};
    await expect(openCheckpoint(file)).rejects.toMatchObject({code: 'model-format'});
  });
});
