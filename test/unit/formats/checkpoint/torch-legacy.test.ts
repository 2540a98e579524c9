import {describe, expect, it} from 'vitest';
import {openCheckpoint} from '../../../../src/formats/checkpoint/checkpoint.ts';
import {
  DEEPSPEECH_METADATA,
  DEEPSPEECH_TENSORS,
  deepspeechPackage,
  python2Dictionary,
} from '../../../support/deepspeech-package.ts';
import {expectRefused} from '../../../support/expect-refused.ts';
import {CountedFile, type FilePiece} from '../../../support/file-pieces.ts';
import {dictionary, text} from '../../../support/pickle-writer.ts';
import {pickledTensor, writeTorchLegacy, type LegacyTensor} from '../../../support/torch-legacy-writer.ts';

const storage = {key: '1', values: Float32Array.from([1, 2, 3, 4])};

function withTensor(tensor: Partial<LegacyTensor>): FilePiece[] {
  const pickled = pickledTensor({storage, shape: [4], strides: [1], ...tensor});
  return writeTorchLegacy(dictionary([[text('weight'), pickled]]), [storage]);
}

describe('a legacy stream put together byte by byte', () => {
  it('gives the tensors of the state dictionary and the scalars around it', async () => {
    const checkpoint = await openCheckpoint(new CountedFile(deepspeechPackage()));
    expect(checkpoint.format).toBe('torch-legacy');
    expect(checkpoint.metadata).toEqual(DEEPSPEECH_METADATA);
    expect([...checkpoint.tensors.keys()]).toEqual(Object.keys(DEEPSPEECH_TENSORS));
    for (const [name, {shape, values}] of Object.entries(DEEPSPEECH_TENSORS)) {
      const tensor = checkpoint.tensors.get(name);
      expect(tensor?.shape).toEqual(shape);
      expect(tensor?.type).toBe('F32');
      expect(Array.from((await tensor?.read()) ?? []), name).toEqual(values);
    }
  });

  it('of Python 2, whose texts are bytes and whose dictionaries are pairs', async () => {
    const {tensors} = await openCheckpoint(new CountedFile(python2Dictionary()));
    expect(Array.from((await tensors.get('fc.bias')?.read()) ?? [])).toEqual([7, 7]);
  });

  it('reads the same tensor as often as asked, each time anew', async () => {
    const {tensors} = await openCheckpoint(new CountedFile(withTensor({})));
    const first = await tensors.get('weight')?.read();
    first?.fill(0);
    expect(Array.from((await tensors.get('weight')?.read()) ?? [])).toEqual([1, 2, 3, 4]);
  });
});

describe('a legacy stream is refused', () => {
  it.each([
    ['whose tensor reaches beyond its storage', {shape: [5]}, /shape \[5\].*storage of 4/],
    ['whose strides do', {shape: [2, 2], strides: [3, 1]}, /strides \[3, 1\].*storage of 4/],
    ['whose offset does', {offset: 1}, /at 1, expected one within/],
    ['whose view does', {view: [2, 3]}, /elements 2 \+ 3.*within its 4/],
    ['whose tensor reaches beyond its view', {view: [1, 3]}, /storage of 3 elements/],
    ['that asks for gigabytes by strides of 0', {shape: [40_000, 40_000], strides: [0, 0]}, /storage of 4/],
    ['whose size overflows', {shape: [2 ** 31 - 1, 2 ** 31 - 1], strides: [0, 0]}, /storage of 4/],
    ['with fewer strides than dimensions', {shape: [2, 2]}, /a stride for each dimension/],
  ] as const)('%s', async (_, tensor, message) => {
    const opened = openCheckpoint(new CountedFile(withTensor(tensor)));
    await expectRefused(opened, message);
  });

  const named = dictionary([[text('weight'), pickledTensor({storage, shape: [4], strides: [1]})]]);
  it.each([
    ['that lacks a storage', writeTorchLegacy(named, []), /0 storages.*1 as its tensors need/],
    [
      'with a storage twice',
      writeTorchLegacy(named, [storage, storage]),
      /storage key text 1, expected.*once/,
    ],
    ['with a storage of no tensor', writeTorchLegacy(named, [{key: '2', values: 1}]), /storage key text 2/],
    [
      'whose storage has another length',
      writeTorchLegacy(named, [{key: '1', values: 3}]),
      /of 3 elements.*4/,
    ],
    ['that is cut short', writeTorchLegacy(named, [storage]).slice(0, -1), /storage 1 of 16 bytes/],
    ['without tensors', writeTorchLegacy(dictionary([[text('a'), text('b')]]), []), /\[a\] without tensors/],
    ['of a text', writeTorchLegacy(text('b'), []), /got text b, expected a state dictionary/],
  ])('%s', async (_, pieces, message) => {
    const opened = openCheckpoint(new CountedFile(pieces));
    await expectRefused(opened, message);
  });
});
