import {readFile} from 'node:fs/promises';
import {describe, expect, test, vi} from 'vitest';
import {identifyWeights} from '../../../src/session/identify-weights.ts';
import {cards} from '../../../src/systems/cards.ts';
import {repositoryPath} from '../../support/repository.ts';
import {hasShared, sharedPath} from '../../support/shared.ts';

describe.skipIf(!hasShared)('identifying published files (skipped without ../shared)', () => {
  test.each([
    ['micronet_large_int8.tflite', 'micronet-large', 'the published file'],
    ['ds_cnn_clustered_int8_rebuilt.tflite', 'ds-cnn-clustered', /rebuilt container/],
    ['ds_cnn_large_int8.tflite', 'ds-cnn-large', 'the published file'],
  ])('tells that %s belongs to %s', async (name, systemId, what) => {
    const file = new Blob([await readFile(sharedPath('models', name))]);
    expect(await identifyWeights(file)).toEqual({systemId, what: expect.stringMatching(what) as string});
  });
});

test.each(cards.filter(({weights}) => weights.builtInPath !== undefined))(
  'tells that the file built in for $id is its',
  async ({id, weights}) => {
    const file = new Blob([await readFile(repositoryPath(`public/models/${weights.builtInPath!}`))]);
    expect(await identifyWeights(file)).toEqual({systemId: id, what: 'the file built into Earshot'});
  },
);

test('does not know a file whose size no card lists, and does not read it', async () => {
  const file = new Blob(['no model']);
  const read = vi.spyOn(file, 'arrayBuffer');
  expect(await identifyWeights(file)).toBeUndefined();
  expect(read).not.toHaveBeenCalled();
});

test('does not know a file of a listed size with other bytes', async () => {
  const bytes = cards[0]!.weights.accepted[0]!.bytes;
  expect(await identifyWeights(new Blob([new Uint8Array(bytes)]))).toBeUndefined();
});

test('tells a checkpoint by its size alone, and does not read it: the worker checks its digest', async () => {
  const {weights} = cards.find(({id}) => id === 'wav2vec2-base')!;
  const file = new Blob(['hundreds of megabytes']);
  vi.spyOn(file, 'size', 'get').mockReturnValue(weights.accepted[0]!.bytes);
  const read = vi.spyOn(file, 'arrayBuffer');
  expect(await identifyWeights(file)).toEqual({systemId: 'wav2vec2-base', what: 'the published file'});
  expect(read).not.toHaveBeenCalled();
});

test.each(cards)('finds SHA-256 or SHA-384 of each file on the card of $id', ({weights: {accepted}}) => {
  for (const {sha256 = '', sha384 = ''} of accepted) {
    expect(sha256 + sha384).toMatch(/^([0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{160})$/);
  }
});
