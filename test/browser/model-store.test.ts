import {createHash} from 'node:crypto';
import type {CDPSession, Page} from 'playwright-core';
import {afterEach, beforeAll, afterAll, beforeEach, describe, expect, it} from 'vitest';
import {buildWorker, type BuiltWorker} from '../support/built-worker.ts';
import {launchChromium, type Chromium} from '../support/chromium.ts';
import {startStaticServer, type StaticServer} from '../support/static-server.ts';
import type {StoreAnswer, StoreTask} from '../support/store-worker.ts';

const KEY = 'https://models.example/model.onnx';

let built: BuiltWorker;
let server: StaticServer;
let chromium: Chromium;
let cdp: CDPSession;

declare global {
  // the worker of the page under test
  var storeWorker: Worker;
}

beforeAll(async () => {
  built = await buildWorker('store-worker.ts');
  server = await startStaticServer(built.folder);
});
afterAll(async () => {
  await server.close();
  await built.remove();
});
beforeEach(async () => {
  chromium = await launchChromium();
  cdp = await chromium.context.newCDPSession(chromium.page);
});
afterEach(async () => {
  await chromium.close();
});

/** A tab of the site whose worker has opened a store; what it lacks is told to the worker. */
async function openTab(lacks: readonly ('private files' | 'cache')[] = []): Promise<Page> {
  const page = await chromium.context.newPage();
  await page.goto(server.url);
  await page.evaluate(() => {
    globalThis.storeWorker = new Worker('/store-worker.js', {type: 'module'});
  });
  await ask(page, {kind: 'open', lacks});
  return page;
}

/** Has a tab's worker do something; rejects with the code and message of its error. */
async function ask(page: Page, task: StoreTask): Promise<unknown> {
  const answer = await page.evaluate(
    async (message) =>
      await new Promise<StoreAnswer>((resolve) => {
        globalThis.storeWorker.onmessage = ({data}: MessageEvent<StoreAnswer>) => resolve(data);
        globalThis.storeWorker.postMessage(message);
      }),
    task,
  );
  if ('error' in answer) throw new Error(`${answer.error.code}: ${answer.error.message}`);
  return answer.value;
}

/** The digest of what the worker appends, up to where a write was cut off. */
function digestOf(megabytes: number): string {
  const hash = createHash('sha256');
  for (let index = 0; index < megabytes; index++) {
    const chunk = Buffer.alloc(1_000_000);
    chunk.writeUInt32BE(index);
    hash.update(chunk.subarray(0, Math.round((megabytes - index) * chunk.length)));
  }
  return hash.digest('hex');
}

async function keep(page: Page, megabytes: number, key = KEY): Promise<void> {
  await ask(page, {kind: 'begin', key, expectedBytes: megabytes * 1e6});
  await ask(page, {kind: 'append', megabytes});
  expect(await ask(page, {kind: 'commit'})).toBe(digestOf(megabytes));
}

describe.each([
  {kind: 'opfs', lacks: []},
  {kind: 'cache', lacks: ['private files'] as const},
])('a store of kind $kind', ({kind, lacks}) => {
  const ofThisKind = async (): Promise<Page> => await openTab(lacks);

  it('keeps a file for the next visit', async () => {
    const first = await ofThisKind();
    expect(await ask(first, {kind: 'open', lacks})).toMatchObject({kind});
    await keep(first, 20);
    await first.close();
    const next = await ofThisKind();
    expect(await ask(next, {kind: 'find', sha256: digestOf(20)})).toBe(digestOf(20));
    expect(await ask(next, {kind: 'list'})).toMatchObject([
      {sha256: digestOf(20), name: 'model.onnx', bytes: 20e6},
    ]);
    await ask(next, {kind: 'remove', sha256: digestOf(20)});
    expect(await ask(next, {kind: 'find', sha256: digestOf(20)})).toBeUndefined();
    expect(await ask(next, {kind: 'estimate'})).toMatchObject({modelBytes: 0});
    expect(chromium.problems).toEqual([]);
  });

  it.each(['closed', 'crashed'])('goes on with a file whose tab was %s in the middle of it', async (end) => {
    const first = await ofThisKind();
    await ask(first, {kind: 'begin', key: KEY, expectedBytes: 1e9});
    await ask(first, {kind: 'restart', validator: '"etag-1"'});
    await ask(first, {kind: 'append', megabytes: 20});
    const writing = ask(first, {kind: 'append', megabytes: 1_000_000}).catch(String);
    if (end === 'closed') await first.close();
    else await first.goto('chrome://crash').catch(String);
    expect(await writing).toMatch(/closed|crashed/);
    const next = await ofThisKind();
    const begun = (await ask(next, {kind: 'begin', key: KEY})) as {sizeBytes: number; validator: string};
    expect(begun.validator).toBe('"etag-1"');
    expect(begun.sizeBytes).toBeGreaterThan(11e6);
    const megabytes = begun.sizeBytes / 1e6; // no whole number where a write was cut off
    expect(await ask(next, {kind: 'digest'})).toBe(digestOf(megabytes));
    await ask(next, {kind: 'append', megabytes: 3});
    expect(await ask(next, {kind: 'commit'})).toBe(digestOf(Math.floor(megabytes) + 3));
  });

  it('lets a second tab go on once the first lets go', async () => {
    const [first, second] = [await ofThisKind(), await ofThisKind()];
    await ask(first, {kind: 'begin', key: KEY});
    await ask(first, {kind: 'append', megabytes: 10});
    const waiting = ask(second, {kind: 'begin', key: KEY});
    await ask(first, {kind: 'append', megabytes: 10});
    await ask(first, {kind: 'close'});
    expect(await waiting).toMatchObject({sizeBytes: 20e6});
    expect(await ask(second, {kind: 'commit'})).toBe(digestOf(20));
    expect(await ask(first, {kind: 'find', sha256: digestOf(20)})).toBe(digestOf(20));
  });

  it('tells a second tab where the first does not let go, and mixes nothing', async () => {
    const [first, second] = [await ofThisKind(), await ofThisKind()];
    await ask(first, {kind: 'begin', key: KEY});
    await expect(ask(second, {kind: 'begin', key: KEY})).rejects.toThrow(
      /internal: got the model file .* held open by another worker/,
    );
    await ask(first, {kind: 'append', megabytes: 10});
    expect(await ask(first, {kind: 'commit'})).toBe(digestOf(10));
  });

  it('notices that the browser has cleared it, and takes the file in again', async () => {
    const page = await ofThisKind();
    await keep(page, 10);
    await cdp.send('Storage.clearDataForOrigin', {
      origin: new URL(server.url).origin,
      storageTypes: 'file_systems,cache_storage',
    });
    expect(await ask(page, {kind: 'find', sha256: digestOf(10)})).toBeUndefined();
    expect(await ask(page, {kind: 'list'})).toEqual([]);
    await keep(page, 10);
    expect(await ask(page, {kind: 'find', sha256: digestOf(10)})).toBe(digestOf(10));
  });

  it('says what it needs and what could be removed before it writes', async () => {
    const page = await ofThisKind();
    await keep(page, 10);
    await expect(ask(page, {kind: 'begin', key: KEY, expectedBytes: 100e12})).rejects.toThrow(
      /^storage-full: got [\d.]+ MB free in the site's storage, expected 100000000.0 MB; .* model\.onnx \(10.0 MB\)$/,
    );
    await keep(page, 11);
  });

  it('keeps what it has where storage is full in the middle', async () => {
    const page = await ofThisKind();
    await limitQuota(40e6);
    await ask(page, {kind: 'begin', key: KEY});
    await expect(ask(page, {kind: 'append', megabytes: 100})).rejects.toThrow(/^storage-full: /);
    await ask(page, {kind: 'close'});
    await limitQuota(400e6);
    const {sizeBytes} = (await ask(page, {kind: 'begin', key: KEY})) as {sizeBytes: number};
    expect(sizeBytes).toBeGreaterThan(20e6);
    await ask(page, {kind: 'append', megabytes: 50});
    expect(await ask(page, {kind: 'commit'})).toBe(digestOf(Math.floor(sizeBytes / 1e6) + 50));
  });
});

async function limitQuota(quotaSize: number): Promise<void> {
  await cdp.send('Storage.overrideQuotaForOrigin', {origin: new URL(server.url).origin, quotaSize});
}

describe('a store of private files', () => {
  it('knows before it writes that there is less room than the browser says', async () => {
    const page = await openTab();
    await keep(page, 10);
    await limitQuota(40e6);
    await expect(ask(page, {kind: 'begin', key: KEY, expectedBytes: 50e6})).rejects.toThrow(
      /^storage-full: got less free in the site's storage, expected 50.0 MB; .* model\.onnx \(10.0 MB\)$/,
    );
    await keep(page, 11);
  });

  it('notices that one file is gone', async () => {
    const page = await openTab();
    await keep(page, 10);
    await keep(page, 11);
    await page.evaluate(async (sha256) => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('earshot-models');
      await folder.removeEntry(sha256);
    }, digestOf(10));
    expect(await ask(page, {kind: 'find', sha256: digestOf(10)})).toBeUndefined();
    expect(await ask(page, {kind: 'list'})).toMatchObject([{sha256: digestOf(11)}]);
    await keep(page, 10);
  });

  it('does not give a file whose end is gone', async () => {
    const page = await openTab();
    await keep(page, 10);
    await page.evaluate(async (sha256) => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('earshot-models');
      const writable = await (await folder.getFileHandle(sha256)).createWritable({keepExistingData: true});
      await writable.truncate(5e6);
      await writable.close();
    }, digestOf(10));
    expect(await ask(page, {kind: 'find', sha256: digestOf(10)})).toBeUndefined();
    await keep(page, 10);
  });
});

it('keeps a file in memory where there is nothing else, and says so', async () => {
  const page = await openTab(['private files', 'cache']);
  await keep(page, 20);
  expect(await ask(page, {kind: 'find', sha256: digestOf(20)})).toBe(digestOf(20));
  expect(await ask(page, {kind: 'open', lacks: ['private files', 'cache']})).toMatchObject({
    kind: 'memory',
    reason: expect.stringContaining('kept until the page is left only') as string,
  });
});
