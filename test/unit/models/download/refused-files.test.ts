import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {ModelIntegrityError} from '../../../../src/models/model-integrity-error.ts';
import {download, pinnedFile, randomBytes, sha256Of, unknownFile} from '../../../support/download-fixture.ts';
import {MemoryPartial} from '../../../support/memory-partial.ts';
import {startModelServer, STRONG_HEADERS, type ModelServer} from '../../../support/model-server.ts';

const SIZE = 300_000;
const CUT = 100_000;
const bytes = randomBytes(SIZE, 1);

let server: ModelServer;
let partial: MemoryPartial;

beforeEach(async () => {
  server = await startModelServer(bytes);
  partial = new MemoryPartial();
});
afterEach(() => server.close());

describe('nothing is kept of', () => {
  /** What the refusal says it got. */
  async function refusal(file = pinnedFile(bytes, server.url)): Promise<string> {
    const error = await download(file, partial).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ModelIntegrityError);
    expect(partial.state).toBe('discarded');
    expect(partial.sizeBytes).toBe(0);
    const {got, expected} = error as ModelIntegrityError;
    expect(expected).toContain('weights.bin');
    return got;
  }

  it('a file with one flipped bit', async () => {
    const flipped = bytes.with(SIZE / 2, bytes[SIZE / 2]! ^ 4);
    server.serve(flipped);
    expect(await refusal()).toBe(`${SIZE} bytes with SHA-256 ${sha256Of(flipped)} from ${server.url}`);
    expect(server.requests).toHaveLength(1);
  });

  it('a file that lacks its end', async () => {
    server.serve(bytes.subarray(0, CUT));
    expect(await refusal()).toBe(`a file of ${CUT} bytes from ${server.url}`);
    expect(partial.validator).toBeUndefined(); // its head told: nothing was begun
  });

  it('a file that lacks its end, of a server that compresses', async () => {
    const text = new TextEncoder().encode('one two three '.repeat(1000));
    server.serve(text.subarray(0, 5000));
    server.behave({headers: STRONG_HEADERS, compresses: true});
    expect(await refusal(pinnedFile(text, server.url))).toBe(
      `5000 bytes with SHA-256 ${sha256Of(text.subarray(0, 5000))} from ${server.url}`,
    );
  });

  it('an HTML page with status 200', async () => {
    server.behave({status: 200, page: '<html>', headers: {'Content-Type': 'text/html; charset=utf-8'}});
    expect(await refusal()).toBe(`an HTML page from ${server.url}`);
  });

  it('an HTML page that is called a file, where no digest is known', async () => {
    const page = '\n<!DOCTYPE html><title>Sign in</title>';
    server.serve(new TextEncoder().encode(page));
    expect(await refusal(unknownFile(server.url))).toBe(`an HTML page from ${server.url}`);
  });

  it('what another address gives to which it is led', async () => {
    const other = await startModelServer(randomBytes(SIZE, 4));
    server.behave({status: 302, headers: {Location: `${other.url}elsewhere`}});
    try {
      expect(await refusal()).toMatch(`from ${server.url}, which leads to ${other.url}elsewhere`);
    } finally {
      await other.close();
    }
  });

  it('a file that is longer, however long that is', async () => {
    server.serve(randomBytes(SIZE + 50_000, 5));
    server.behave({hasLength: false});
    expect(await refusal()).toMatch(/^3\d{5} bytes and more/);
  });

  it('a file of another length than the head says that it has', async () => {
    server.behave({headers: STRONG_HEADERS, claimedBytes: SIZE + 5});
    expect(await refusal()).toBe(`a file of ${SIZE + 5} bytes from ${server.url}`);
    server.behave({headers: STRONG_HEADERS, claimedBytes: SIZE - 5});
    partial = new MemoryPartial();
    expect(await refusal()).toBe(`a file of ${SIZE - 5} bytes from ${server.url}`);
  });

  it('more than a file may have whose size nobody knows', async () => {
    const error = await download(unknownFile(server.url), partial, {maxBytes: 1000}).catch(String);
    expect(error).toContain(
      `got ${SIZE} bytes and more from ${server.url}, expected the file weights.bin, of at most 1000 bytes`,
    );
    expect(partial.state).toBe('discarded');
  });
});

describe('a wrong Content-Length', () => {
  it('that is too large is no loss where the digest of what came is right', async () => {
    const file = {
      ...pinnedFile(bytes, server.url),
      accepted: pinnedFile(bytes).accepted.concat({...pinnedFile(bytes).accepted[0]!, bytes: SIZE + 5}),
    };
    server.behave({headers: STRONG_HEADERS, claimedBytes: SIZE + 5, requestCount: 1});
    expect((await download(file, partial)).verified).toBe(true);
  });
});
