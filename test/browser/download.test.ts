import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {contentSecurityPolicy} from '../../scripts/content-security-policy.mjs';
import {card as micronet} from '../../src/systems/micronet-large/card.ts';
import {buildWorker, type BuiltWorker} from '../support/built-worker.ts';
import {launchChromium, type Chromium} from '../support/chromium.ts';
import {pinnedFile, randomBytes, sha256Of, unknownFile} from '../support/download-fixture.ts';
import {openDownloadTab} from '../support/download-tab.ts';
import {startKillableServer, type KillableServer} from '../support/killable-server.ts';
import {
  startModelServer,
  STRONG_HEADERS,
  type ModelServer,
  type ServerBehaviour,
} from '../support/model-server.ts';
import {hasShared, sharedPath} from '../support/shared.ts';
import {startStaticServer, type StaticServer} from '../support/static-server.ts';

const SIZE = 2_000_000;
const PART = 400_000;
const bytes = randomBytes(SIZE, 1);
const sha256 = sha256Of(bytes);

/** Longer than a process takes to start on a busy machine. */
const PATIENT = {maxAttempts: 60, maxDelayMs: 1000};

/** Lets the page's policy out to the models of other hosts. */
const openPolicy = {
  'Content-Security-Policy': contentSecurityPolicy.replace(
    "connect-src 'self'",
    "connect-src 'self' http://localhost:*",
  ),
};
const CORS = {'Access-Control-Allow-Origin': '*'};

let built: BuiltWorker;
let chromium: Chromium;

beforeAll(async () => {
  built = await buildWorker('download-worker.ts');
  writeFileSync(join(built.folder, 'model.bin'), bytes);
  chromium = await launchChromium(); // every test has an origin of its own, so a storage of its own
});
afterEach(async () => {
  for (const page of chromium.context.pages().slice(1)) await page.close(); // without a page it would end
});
afterAll(async () => {
  await chromium.close();
  await built.remove();
});

describe('a download of the page itself', () => {
  let behaviour: ServerBehaviour;
  let server: KillableServer;

  const start = async (port = 0, change: ServerBehaviour = {}): Promise<KillableServer> =>
    (server = await startKillableServer(join(built.folder, 'model.bin'), {...behaviour, ...change}, port));
  const tabFor = (file = pinnedFile(bytes, `${server.url}model.bin`)) =>
    openDownloadTab(chromium.context, server.url, {file, retry: PATIENT});

  beforeEach(async () => {
    behaviour = {headers: STRONG_HEADERS, siteFolder: built.folder};
    await start(0, {bytesPerSecond: SIZE / 4});
  });
  afterEach(() => server.kill());

  it.each([
    ['pinned', pinnedFile],
    ['known by its ETag only', (_bytes: Uint8Array, url: string) => unknownFile(url)],
  ])('goes on after its server was killed, if the file is %s', async (_kind, fileOf) => {
    const tab = await tabFor(fileOf(bytes, `${server.url}model.bin`));
    await tab.reach(PART);
    await server.kill();
    await start(server.port);
    expect(await tab.end()).toMatchObject({kind: 'done', sha256});
    const [range = ''] = server.ranges;
    expect(Number(/^bytes=(\d+)-$/.exec(range)?.[1])).toBeGreaterThanOrEqual(PART);
  });

  it('goes on in a new tab after its tab was closed', async () => {
    const first = await tabFor();
    await first.reach(PART);
    await first.close();
    const second = await tabFor();
    expect(await second.end()).toMatchObject({kind: 'done', sha256, verified: true});
    const progress = second.facts.filter((fact) => fact.kind === 'progress');
    expect(progress[0]?.loadedBytes).toBeGreaterThanOrEqual(PART);
    expect(progress.at(-1)).toMatchObject({loadedBytes: SIZE, totalBytes: SIZE});
    await expect.poll(() => server.ranges.at(-1)).toMatch(/^bytes=[1-9]\d{5,}-$/);
  });

  it('goes on after its server and its tab were both gone', async () => {
    const first = await tabFor();
    await first.reach(PART);
    await server.kill();
    await first.close();
    await start(server.port);
    expect(await (await tabFor()).end()).toMatchObject({kind: 'done', sha256});
    await expect.poll(() => server.ranges).toEqual([expect.stringMatching(/^bytes=[1-9]\d{5,}-$/)]);
  });

  it('begins anew where the file has changed meanwhile', async () => {
    const first = await tabFor(unknownFile(`${server.url}model.bin`));
    await first.reach(PART);
    await server.kill();
    await start(server.port, {headers: {ETag: '"version-2"'}});
    expect(await first.end()).toMatchObject({kind: 'done', sha256});
    const loaded = first.facts.flatMap((fact) => (fact.kind === 'progress' ? [fact.loadedBytes] : []));
    expect(loaded.some((count, index) => count < (loaded[index - 1] ?? 0))).toBe(true);
  });

  it('is done once for two tabs: the second waits, hears of it and finds the file', async () => {
    const first = await tabFor();
    await first.reach(1);
    const second = await tabFor();
    await second.reach(PART);
    expect(second.facts[0]).toEqual({kind: 'waiting'});
    expect(await first.end()).toMatchObject({kind: 'done', sha256, verified: true});
    expect(await second.end()).toEqual({kind: 'done', sha256, verified: undefined});
    expect(server.ranges).toEqual(['']);
  });

  it('is gone on with by the tab that waits where the first is closed', async () => {
    const first = await tabFor();
    const second = await tabFor();
    await expect.poll(() => second.facts.at(0)?.kind).toBe('waiting');
    await first.reach(PART);
    await first.close();
    expect(await second.end()).toMatchObject({kind: 'done', sha256, verified: true});
    await expect.poll(() => server.ranges.at(-1)).toMatch(/^bytes=[1-9]\d{5,}-$/);
  });

  it('ends with an abort, and keeps what came', async () => {
    const tab = await tabFor();
    await tab.reach(PART);
    await tab.abort();
    const end = await tab.end();
    expect(end).toMatchObject({kind: 'failed', error: {code: 'aborted', message: 'enough'}});
    expect(end.kind === 'failed' && end.storedBytes).toBeGreaterThanOrEqual(PART);
  });
});

describe('a download from another host', () => {
  let mirror: ModelServer;
  let site: StaticServer;

  async function endOf(
    file = pinnedFile(bytes, `${mirror.url}model.bin`),
    headers: Readonly<Record<string, string>> = openPolicy,
  ) {
    site = await startStaticServer(built.folder, {headers});
    const retry = {firstDelayMs: 50, maxAttempts: 3};
    const tab = await openDownloadTab(chromium.context, site.url, {file, retry});
    return await tab.end();
  }

  function leadElsewhere(): void {
    mirror.serve(randomBytes(SIZE, 2));
    mirror.behave({status: 302, headers: {...CORS, Location: '/elsewhere'}, requestCount: 1});
  }

  beforeEach(async () => {
    mirror = await startModelServer(bytes, {headers: {...STRONG_HEADERS, ...CORS}});
  });
  afterEach(async () => {
    await mirror.close();
    await site.close();
  });

  it.skipIf(!hasShared)('brings a published file, which is known by the published digest', async () => {
    const published = readFileSync(sharedPath('models', 'micronet_large_int8.tflite'));
    mirror.serve(published);
    const {name, accepted} = micronet.weights;
    const end = await endOf({name, urls: [`${mirror.url}${name}`], accepted});
    expect(end).toEqual({kind: 'done', sha256: accepted[0]?.sha256, verified: true});
  });

  it('goes on after the connection was cut, without asking for what other sites must allow first', async () => {
    const bytesPerSecond = 2 * SIZE; // what has come but is not read yet is lost with the connection
    mirror.behave({headers: {...STRONG_HEADERS, ...CORS}, cutAfterBytes: PART, bytesPerSecond});
    expect(await endOf()).toMatchObject({kind: 'done', sha256});
    expect(mirror.requests.every(({method}) => method === 'GET')).toBe(true); // no preflight
    expect(mirror.requests[1]?.headers).toMatchObject({
      range: expect.stringMatching(/^bytes=[1-9]/) as string,
    });
    expect(mirror.sentBytes()).toBeLessThan(SIZE + 3 * PART);
  });

  it('refused by the policy says which line to add', async () => {
    const end = await endOf(undefined, {'Content-Security-Policy': contentSecurityPolicy});
    const origin = `http://localhost:${mirror.port}`;
    expect(end).toMatchObject({
      error: {
        code: 'csp-blocked',
        message: `got ${origin}/model.bin refused by the site's connect-src, expected that to allow it, as in "connect-src 'self' ${origin}", and every host that it redirects to`,
      },
    });
    expect(mirror.requests).toEqual([]);
  });

  it('that lets no other site read it says which header it lacks', async () => {
    mirror.behave({headers: STRONG_HEADERS});
    expect(await endOf()).toMatchObject({
      error: {
        code: 'network',
        message: `got an answer from ${mirror.url}model.bin that this page may not read, expected the header Access-Control-Allow-Origin: ${site.url.slice(0, -1)} (or *) with it`,
      },
    });
  });

  it('that is not there says so', async () => {
    await mirror.close();
    expect(await endOf()).toMatchObject({
      error: {code: 'network', message: `got no whole answer from ${mirror.url}model.bin, expected the file`},
    });
  });

  it.each<[string, () => void, RegExp]>([
    [
      'one flipped bit',
      () => mirror.serve(bytes.with(SIZE / 2, bytes[SIZE / 2]! ^ 1)),
      /^got 2000000 bytes with SHA-256/,
    ],
    ['no end', () => mirror.serve(bytes.subarray(0, PART)), /^got a file of 400000 bytes/],
    [
      'another length than it says',
      () => mirror.behave({headers: CORS, claimedBytes: PART}),
      /^got a file of 800000 bytes/,
    ],
    [
      'an HTML page in its place',
      () => mirror.behave({status: 200, page: '<html>', headers: {...CORS, 'Content-Type': 'text/html'}}),
      /^got an HTML page/,
    ],
    [
      'its address leading elsewhere',
      leadElsewhere,
      /which leads to http:\/\/localhost:\d+\/elsewhere, expected weights.bin/,
    ],
  ])('with %s is refused, and leaves nothing in storage', async (_what, spoil, message) => {
    spoil();
    expect(await endOf()).toMatchObject({
      kind: 'failed',
      error: {code: 'model-integrity', message: expect.stringMatching(message) as string},
      storedBytes: 0,
    });
  });
});
