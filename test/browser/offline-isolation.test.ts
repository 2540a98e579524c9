import {cp, mkdir, mkdtemp, rm, symlink, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Page} from 'playwright-core';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {writeOfflineWorker} from '../../scripts/offline-worker.ts';
import {readSample} from '../support/guides.ts';
import {startOfflineSite, untilInstalled, type OfflineSite} from '../support/offline-site.ts';
import {repositoryPath} from '../support/repository.ts';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>A page with a service worker of its own</title>
    <script type="module" src="./page.js"></script>
  </head>
  <body></body>
</html>
`;
const pageScript = `const name = new URLSearchParams(location.search).get('worker');
await navigator.serviceWorker.register(name);
globalThis.earshot = await import('./earshot/index.js');
`;
let folder: string;
let site: OfflineSite;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-isolation-'));
  await cp(repositoryPath('dist/demo'), join(folder, 'demo'), {recursive: true});
  await writeOfflineWorker(join(folder, 'demo'), {isolation: 'require-corp'});
  await mkdir(join(folder, 'site'));
  await symlink(repositoryPath('dist/package'), join(folder, 'site/earshot'));
  await writeFile(join(folder, 'site/index.html'), page);
  await writeFile(join(folder, 'site/page.js'), pageScript);
  await writeFile(join(folder, 'site/favicon.ico'), ''); // browsers ask for it
  for (const name of ['sw.js', 'isolating-sw.js'])
    await writeFile(join(folder, 'site', name), readSample(name));
});
afterEach(async () => {
  expect(site.chromium.problems).toEqual([]);
  await site.close();
});
afterAll(async () => {
  await rm(folder, {recursive: true});
});

describe('on a server that sends no headers of isolation', () => {
  test('the demo that was built for it is isolated after one reload, and runs threads, without the server too', async () => {
    site = await startOfflineSite({folder: join(folder, 'demo')});
    const demo = await site.open();
    expect(await demo.evaluate(() => crossOriginIsolated)).toBe(false);
    await untilInstalled(demo);
    await demo.reload();
    expect(await demo.evaluate(() => crossOriginIsolated)).toBe(true);
    const threadCount = async (): Promise<number | undefined> =>
      demo.evaluate(async () => {
        const listener = document.querySelector('kws-listener')!;
        listener.engine = 'onnx';
        listener.setAttribute('thread-count', '2');
        await listener.updateComplete;
        await listener.load();
        return listener.info?.threadCount;
      });
    const coreCount = await demo.evaluate(() => navigator.hardwareConcurrency);
    expect(await threadCount()).toBe(Math.min(2, coreCount));
    await site.stopServer();
    await demo.reload();
    expect(await demo.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(await threadCount()).toBe(Math.min(2, coreCount));
  });

  test('the demo as it is built stays as the server has it', async () => {
    site = await startOfflineSite();
    const demo = await site.open();
    await untilInstalled(demo);
    await demo.reload();
    expect(await demo.evaluate(() => crossOriginIsolated)).toBe(false);
  });
});

describe('a site’s own service worker that imports the package’s, as the guide has it,', () => {
  async function openSite(worker: string): Promise<Page> {
    site = await startOfflineSite({folder: join(folder, 'site'), basePath: '/'});
    const own = await site.open(`?worker=${worker}`);
    await untilInstalled(own);
    await own.reload();
    await own.waitForFunction(() => 'earshot' in globalThis);
    return own;
  }

  test('keeps what the package needs, and the part that it names, without the server', async () => {
    const own = await openSite('sw.js');
    expect(await own.evaluate(() => crossOriginIsolated)).toBe(false);
    await site.stopServer();
    const engines = await own.evaluate(async () => {
      const spotter = await globalThis.earshot.KeywordSpotter.load('earshot-kws');
      const transcriber = await globalThis.earshot.Transcriber.load('earshot-ctc');
      return [spotter.info?.systemId, transcriber.info?.systemId];
    });
    expect(engines).toEqual(['earshot-kws', 'earshot-ctc']);
  });

  test('isolates the page where it is told to', async () => {
    const own = await openSite('isolating-sw.js');
    expect(await own.evaluate(() => crossOriginIsolated)).toBe(true);
  });
});
