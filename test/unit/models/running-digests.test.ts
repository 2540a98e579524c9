import {createHash} from 'node:crypto';
import {describe, expect, it} from 'vitest';
import {choiceFor, createRunningDigests} from '../../../src/models/running-digests.ts';

const bytes = Uint8Array.from({length: 100_000}, (_, index) => (index * 131) & 255);
const digestOf = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex');

describe.each([
  ['small', bytes.length],
  ['large', 64 * 1024 * 1024],
  ['unknown', undefined],
])('running digests of a file of %s size', (_what, expectedBytes) => {
  it.each([63, 64, 65, 4096, 100_000])('are those of the whole file in pieces of %i bytes', async (size) => {
    const digests = await createRunningDigests({withSha384: true, withSha1: true}, expectedBytes);
    for (let offset = 0; offset < bytes.length; offset += size) {
      digests.update(bytes.subarray(offset, offset + size));
    }
    expect(await digests.finish()).toEqual({
      bytes: bytes.length,
      sha256: digestOf('sha256'),
      sha384: digestOf('sha384'),
      sha1: digestOf('sha1'),
    });
  });

  it('forget what came before a restart', async () => {
    const digests = await createRunningDigests({}, expectedBytes);
    digests.update(new Uint8Array(10));
    digests.restart();
    digests.update(bytes);
    expect(await digests.finish()).toEqual({bytes: bytes.length, sha256: digestOf('sha256')});
  });
});

describe('the digests of a file', () => {
  const entry = {bytes: 1, what: 'a file'};

  it.each([
    ['only the SHA-256 where that is listed', {sha256: 'a', sha384: 'b', sha1: 'c'}, [false, false]],
    ['the SHA-384 where the SHA-256 is not', {sha384: 'b', sha1: 'c'}, [true, false]],
    ['the SHA-1 where it is all there is', {sha1: 'c'}, [false, true]],
  ])('are %s', (_what, digests, [withSha384, withSha1]) => {
    expect(choiceFor([{...entry, ...digests}])).toEqual({withSha384, withSha1});
  });
});
