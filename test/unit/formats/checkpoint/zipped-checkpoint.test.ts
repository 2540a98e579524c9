import {describe, expect, it, vi} from 'vitest';
import {openCheckpoint} from '../../../../src/formats/checkpoint/checkpoint.ts';
import type {KeepInflated} from '../../../../src/formats/checkpoint/zipped-file.ts';
import {
  DEEPSPEECH_METADATA,
  DEEPSPEECH_TENSORS,
  deepspeechPackage,
} from '../../../support/deepspeech-package.ts';
import {expectRefused} from '../../../support/expect-refused.ts';
import {CountedFile, joinPieces, type FilePiece} from '../../../support/file-pieces.ts';
import {dictionary, pickle, text} from '../../../support/pickle-writer.ts';
import {pickledTensor} from '../../../support/torch-legacy-writer.ts';
import {writeZip, type ZipOptions, type ZipSource} from '../../../support/zip-writer.ts';

const NAME = 'trained_model_deepspeech2/librispeech_13.pth';
const [CENTRAL_METHOD, CENTRAL_FLAGS, CENTRAL_SIZE, CENTRAL_STORED, CENTRAL_OFFSET] = [10, 8, 24, 20, 42];

function zipped(
  isDeflated: boolean,
  options: ZipOptions = {},
  beside: readonly ZipSource[] = [],
): FilePiece[] {
  return writeZip([{name: NAME, content: deepspeechPackage(), isDeflated}, ...beside], options);
}

async function expectPackage(pieces: FilePiece[], keepInflated?: KeepInflated): Promise<void> {
  const {tensors, metadata} = await openCheckpoint(
    new CountedFile(pieces),
    keepInflated ? {keepInflated} : {},
  );
  expect(metadata).toEqual(DEEPSPEECH_METADATA);
  for (const [name, {values}] of Object.entries(DEEPSPEECH_TENSORS)) {
    expect(Array.from((await tensors.get(name)?.read()) ?? []), name).toEqual(values);
  }
}

describe('a checkpoint in a ZIP', () => {
  const readme = {name: 'README.md', content: [new TextEncoder().encode('weights')]};
  const shadow = {name: `__MACOSX/${NAME}`, content: [new Uint8Array(3)]};
  const folder = {name: 'trained_model_deepspeech2/', content: []};
  it.each([
    ['stored', zipped(false)],
    ['deflated', zipped(true)],
    ['with 64-bit numbers', zipped(false, {isZip64: true})],
    ['deflated, with 64-bit numbers', zipped(true, {isZip64: true})],
    ['with a comment', zipped(true, {comment: 'published in 2018 '.repeat(100)})],
    ['beside its folder, a text and what macOS leaves', zipped(true, {}, [folder, readme, shadow])],
  ])('is read: %s', async (_, pieces) => {
    await expectPackage(pieces);
  });

  it('is read from a Blob', async () => {
    const blob = new Blob([joinPieces(zipped(true)) as Uint8Array<ArrayBuffer>]);
    expect((await openCheckpoint(blob)).metadata).toEqual(DEEPSPEECH_METADATA);
  });

  it('goes inflated to where the caller keeps it, and only where it was deflated', async () => {
    const keepInflated = vi.fn<KeepInflated>(async (inflated) => {
      const pieces: Uint8Array[] = [];
      for await (const piece of inflated) pieces.push(piece);
      return new CountedFile(pieces);
    });
    await expectPackage(zipped(true), keepInflated);
    const sizeBytes = joinPieces(deepspeechPackage()).length;
    expect(keepInflated).toHaveBeenCalledExactlyOnceWith(expect.any(ReadableStream), sizeBytes);
    await expectPackage(zipped(false), keepInflated);
    expect(keepInflated).toHaveBeenCalledTimes(1);
  });

  it('passes on what the caller fails with, and what reading the file rejects with', async () => {
    const full = new Error('the disk is full');
    const opened = openCheckpoint(new CountedFile(zipped(true)), {keepInflated: () => Promise.reject(full)});
    await expect(opened).rejects.toBe(full);

    const gone = new Error('the disk is gone');
    const file = new CountedFile(zipped(true));
    const read = file.read.bind(file);
    const dataOffset = 30 + NAME.length + 8;
    file.read = (offset, length) => (offset === dataOffset ? Promise.reject(gone) : read(offset, length));
    await expect(openCheckpoint(file)).rejects.toBe(gone);
  });

  const set32 =
    (field: number, value: number) =>
    (entry: DataView): void => {
      entry.setUint32(field, value, true);
    };
  const set16 =
    (field: number, value: number) =>
    (entry: DataView): void => {
      entry.setUint16(field, value, true);
    };
  it.each([
    [
      'without a checkpoint',
      writeZip([readme, {...readme, name: 'LICENSE'}]),
      /ZIP of 2 files .*one checkpoint/,
    ],
    ['with two', zipped(true, {}, [{name: 'other.pth', content: []}]), /ZIP of 2 files/],
    ['of nothing', writeZip([]), /begins with/],
    ['within a ZIP', writeZip([{name: 'a.pth', content: zipped(false)}]), /ZIP without data\.pkl/],
    ['that is encrypted', zipped(true, {patchEntry: set16(CENTRAL_FLAGS, 1)}), /flags 1.*not encrypted/],
    ['by another method', zipped(true, {patchEntry: set16(CENTRAL_METHOD, 14)}), /method 14/],
    [
      'said to inflate to less',
      zipped(true, {patchEntry: set32(CENTRAL_SIZE, 100)}),
      /bytes or more.*100 as the ZIP/,
    ],
    [
      'said to inflate to more',
      zipped(true, {patchEntry: set32(CENTRAL_SIZE, 9999)}),
      /inflated.*9999 as the ZIP/,
    ],
    [
      'said to inflate to gigabytes',
      zipped(true, {patchEntry: set32(CENTRAL_SIZE, 2 ** 31)}),
      /at most 100 times/,
    ],
    ['that is no deflated data', zipped(false, {patchEntry: set16(CENTRAL_METHOD, 8)}), /does not inflate/],
    ['beyond the end', zipped(true, {patchEntry: set32(CENTRAL_STORED, 99_999)}), /99999 bytes.*within the/],
    ['at another place', zipped(true, {patchEntry: set32(CENTRAL_OFFSET, 1)}), /begins with 0x/],
    ['twice', zipped(true, {}, [{name: NAME, content: []}]), /twice in a ZIP/],
    ['cut short', zipped(true).slice(0, -1), /without its directory/],
  ])('is refused: %s', async (_, pieces, message) => {
    const opened = openCheckpoint(new CountedFile(pieces));
    await expectRefused(opened, message);
  });
});

describe('a torch ZIP', () => {
  const tensor = pickledTensor({storage: {key: '0', values: 4}, shape: [4], strides: [1]});
  const root = {name: 'm/data.pkl', content: [pickle(dictionary([[text('weight'), tensor]]))]};
  const values = {name: 'm/data/0', content: [new Uint8Array(Float32Array.from([1, 2, 3, 4]).buffer)]};
  const order = (text: string): ZipSource => ({
    name: 'm/byteorder',
    content: [new TextEncoder().encode(text)],
  });

  it.each([[[]], [[order('little')]]])(
    'of any folder is read, with a byte order or without',
    async (beside) => {
      const {format, tensors} = await openCheckpoint(new CountedFile(writeZip([root, values, ...beside])));
      expect(format).toBe('torch-zip');
      expect(Array.from((await tensors.get('weight')?.read()) ?? [])).toEqual([1, 2, 3, 4]);
    },
  );

  it.each([
    ['of a big-endian machine', [root, values, order('big')], /byte order "big"/],
    ['without a storage', [root], /no record "m\/data\/0"/],
    ['with one too short', [root, {...values, content: [12]}], /12 bytes.*16 for 4 elements of F32/],
    [
      'whose pickle is deflated',
      [{...root, isDeflated: true}, values],
      /data\.pkl" deflated, expected stored/,
    ],
  ] as [string, ZipSource[], RegExp][])('is refused: %s', async (_, sources, message) => {
    const opened = openCheckpoint(new CountedFile(writeZip(sources)));
    await expectRefused(opened, message);
  });

  it('refuses a deflated storage when it is opened for reading at the latest', async () => {
    const opened = openCheckpoint(new CountedFile(writeZip([root, {...values, isDeflated: true}])));
    await expect(opened.then(({tensors}) => tensors.get('weight')?.read())).rejects.toMatchObject({
      code: 'model-format',
    });
  });
});
