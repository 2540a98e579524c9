import {createHash} from 'node:crypto';
import {describe, expect, it} from 'vitest';
import {ModelIntegrityError} from '../../../src/models/model-integrity-error.ts';
import {
  sha256Hex,
  verifyDigests,
  verifyWeights,
  type PinnedFile,
} from '../../../src/models/verify-weights.ts';

const published = Uint8Array.from({length: 1000}, (_, index) => (index * 37) & 255);
const publishedSha256 = createHash('sha256').update(published).digest('hex');
const card: PinnedFile = {
  id: 'some-system',
  accepted: [
    {sha256: '0'.repeat(64), bytes: 7, what: 'an older file'},
    {sha256: publishedSha256, bytes: published.length, what: 'the published file'},
  ],
};
const changed = published.with(500, published[500]! ^ 1);

describe('verifyWeights', () => {
  it('names the file that an accepted digest stands for', async () => {
    expect(await verifyWeights(card, published)).toEqual({
      sha256: publishedSha256,
      verified: true,
      what: 'the published file',
    });
  });

  it('refuses a file with one changed bit, saying what it got and every file it would take', async () => {
    const refusal = await verifyWeights(card, changed).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ModelIntegrityError);
    const {code, got, expected, message} = refusal as ModelIntegrityError;
    expect(code).toBe('model-integrity');
    expect(got).toBe(`1000 bytes with SHA-256 ${createHash('sha256').update(changed).digest('hex')}`);
    expect(expected).toContain('an older file (7 bytes');
    expect(expected).toContain(`the published file (1000 bytes, SHA-256 ${publishedSha256})`);
    expect(message).toBe(`got ${got}, expected ${expected}`);
  });

  it('lets an unknown file through only when asked to, and says that it is unverified', async () => {
    expect(await verifyWeights(card, changed, {allowUnverified: true})).toEqual({
      sha256: createHash('sha256').update(changed).digest('hex'),
      verified: false,
      what: 'an unverified file',
    });
    await expect(verifyWeights(card, changed, {allowUnverified: false})).rejects.toThrow(ModelIntegrityError);
  });

  it('calls an accepted file verified even where unverified ones are allowed', async () => {
    expect((await verifyWeights(card, published, {allowUnverified: true})).verified).toBe(true);
  });
});

describe('a file of which the publisher gives the SHA-384', () => {
  const [sha256, sha384] = ['a'.repeat(64), 'b'.repeat(96)];
  const pinned: PinnedFile = {id: 'some-system', accepted: [{sha384, bytes: 9, what: 'the published file'}]};

  it('is known by that one, and called by its SHA-256', () => {
    const info = verifyDigests(pinned, {bytes: 9, sha256, sha384});
    expect(info).toEqual({sha256, verified: true, what: 'the published file'});
  });

  it.each([{}, {sha384: undefined}, {sha384: 'c'.repeat(96)}])('is not known by %j', (digests) => {
    const verify = () => verifyDigests(pinned, {bytes: 9, sha256, ...digests});
    expect(verify).toThrow(ModelIntegrityError);
    expect(verify).toThrow(`the published file (9 bytes, SHA-384 ${sha384})`);
  });
});

describe('a file of which the publisher gives the SHA-1 only', () => {
  const [sha256, sha1] = ['a'.repeat(64), 'd'.repeat(40)];
  const pinned: PinnedFile = {id: 'some-system', accepted: [{sha1, bytes: 9, what: 'the published file'}]};

  it('is known by that one', () => {
    expect(verifyDigests(pinned, {bytes: 9, sha256, sha1}).verified).toBe(true);
    expect(() => verifyDigests(pinned, {bytes: 9, sha256, sha1: 'e'.repeat(40)})).toThrow(
      `got 9 bytes with SHA-256 ${sha256}, SHA-1 ${'e'.repeat(40)}, expected weights of some-system: the published file (9 bytes, SHA-1 ${sha1})`,
    );
  });

  it('is not known by it where a better one is listed too', () => {
    const accepted = [{sha256: 'b'.repeat(64), sha1, bytes: 9, what: 'the published file'}];
    expect(() => verifyDigests({id: 'some-system', accepted}, {bytes: 9, sha256, sha1})).toThrow(
      ModelIntegrityError,
    );
  });
});

describe('sha256Hex', () => {
  it('hashes exactly the bytes of a view, not the whole buffer under it', async () => {
    const view = new Uint8Array(published.buffer, 10, 20);
    expect(await sha256Hex(view)).toBe(createHash('sha256').update(published.slice(10, 30)).digest('hex'));
  });

  it('gives the published digest of the empty message', async () => {
    // FIPS 180-4 example value.
    expect(await sha256Hex(new Uint8Array(0))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });
});
