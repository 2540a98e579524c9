import {describe, expect, it} from 'vitest';
import {ModelIntegrityError} from '../../../../src/models/model-integrity-error.ts';
import {
  download,
  downloadEach,
  pinnedFile,
  randomBytes,
  sha256Of,
  unknownFile,
} from '../../../support/download-fixture.ts';
import {MemoryPartial} from '../../../support/memory-partial.ts';
import {startModelServer, STRONG_HEADERS} from '../../../support/model-server.ts';

const SIZE = 300_000;
const CUT = 100_000;
const bytes = randomBytes(SIZE, 1);

const at = downloadEach(bytes);

describe('nothing is kept of', () => {
  /** What the refusal says it got. */
  async function refusal(file = pinnedFile(bytes, at.server.url)): Promise<string> {
    const error = await download(file, at.partial).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ModelIntegrityError);
    expect(at.partial.state).toBe('discarded');
    expect(at.partial.sizeBytes).toBe(0);
    const {got, expected} = error as ModelIntegrityError;
    expect(expected).toContain('weights.bin');
    return got;
  }

  it('a file with one flipped bit', async () => {
    const flipped = bytes.with(SIZE / 2, bytes[SIZE / 2]! ^ 4);
    at.server.serve(flipped);
    expect(await refusal()).toBe(`${SIZE} bytes with SHA-256 ${sha256Of(flipped)} from ${at.server.url}`);
    expect(at.server.requests).toHaveLength(1);
  });

  it('a file that lacks its end', async () => {
    at.server.serve(bytes.subarray(0, CUT));
    expect(await refusal()).toBe(`a file of ${CUT} bytes from ${at.server.url}`);
    expect(at.partial.validator).toBeUndefined(); // its head told: nothing was begun
  });

  it('a file that lacks its end, of a server that compresses', async () => {
    const text = new TextEncoder().encode('one two three '.repeat(1000));
    at.server.serve(text.subarray(0, 5000));
    at.server.behave({headers: STRONG_HEADERS, compresses: true});
    expect(await refusal(pinnedFile(text, at.server.url))).toBe(
      `5000 bytes with SHA-256 ${sha256Of(text.subarray(0, 5000))} from ${at.server.url}`,
    );
  });

  it('an HTML page with status 200', async () => {
    at.server.behave({status: 200, page: '<html>', headers: {'Content-Type': 'text/html; charset=utf-8'}});
    expect(await refusal()).toBe(`an HTML page from ${at.server.url}`);
  });

  it('an HTML page that is called a file, where no digest is known', async () => {
    const page = '\n<!DOCTYPE html><title>Sign in</title>';
    at.server.serve(new TextEncoder().encode(page));
    expect(await refusal(unknownFile(at.server.url))).toBe(`an HTML page from ${at.server.url}`);
  });

  it('what another address gives to which it is led', async () => {
    const other = await startModelServer(randomBytes(SIZE, 4));
    at.server.behave({status: 302, headers: {Location: `${other.url}elsewhere`}});
    try {
      expect(await refusal()).toMatch(`from ${at.server.url}, which leads to ${other.url}elsewhere`);
    } finally {
      await other.close();
    }
  });

  it('a file that is longer, however long that is', async () => {
    at.server.serve(randomBytes(SIZE + 50_000, 5));
    at.server.behave({hasLength: false});
    expect(await refusal()).toMatch(/^3\d{5} bytes and more/);
  });

  it('a file of another length than the head says that it has', async () => {
    at.server.behave({headers: STRONG_HEADERS, claimedBytes: SIZE + 5});
    expect(await refusal()).toBe(`a file of ${SIZE + 5} bytes from ${at.server.url}`);
    at.server.behave({headers: STRONG_HEADERS, claimedBytes: SIZE - 5});
    at.partial = new MemoryPartial();
    expect(await refusal()).toBe(`a file of ${SIZE - 5} bytes from ${at.server.url}`);
  });

  it('more than a file may have whose size nobody knows', async () => {
    const error = await download(unknownFile(at.server.url), at.partial, {maxBytes: 1000}).catch(String);
    expect(error).toContain(
      `got ${SIZE} bytes and more from ${at.server.url}, expected the file weights.bin, of at most 1000 bytes`,
    );
    expect(at.partial.state).toBe('discarded');
  });
});

describe('a wrong Content-Length', () => {
  it('that is too large is no loss where the digest of what came is right', async () => {
    const file = {
      ...pinnedFile(bytes, at.server.url),
      accepted: pinnedFile(bytes).accepted.concat({...pinnedFile(bytes).accepted[0]!, bytes: SIZE + 5}),
    };
    at.server.behave({headers: STRONG_HEADERS, claimedBytes: SIZE + 5, requestCount: 1});
    expect((await download(file, at.partial)).verified).toBe(true);
  });
});
