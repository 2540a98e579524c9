import {readFile} from 'node:fs/promises';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import type {Page} from 'playwright-core';
import {afterAll, afterEach, beforeAll, expect, test} from 'vitest';
import {
  goOffline,
  hearWords,
  listKept,
  startOfflineSite,
  transcribe,
  untilInstalled,
  type OfflineSite,
} from '../support/offline-site.ts';
import {startListeningSite} from '../support/listening-site.ts';
import {repositoryPath} from '../support/repository.ts';
import {spokenWords} from '../support/transcription-view.ts';
import {writeWav} from '../support/wav.ts';

/** What the first visit keeps, gzipped: what it was when this was set (in the comment) and a tenth to grow. */
const MOST_GZIP_BYTES = 700_000; // 638,870

const folder = mkdtempSync(join(tmpdir(), 'earshot-offline-'));
const microphoneWav = join(folder, 'words.wav');
const recording = join(folder, 'recording.wav');
let site: OfflineSite;

beforeAll(() => {
  const samples = spokenWords();
  writeWav(microphoneWav, samples, 16_000);
  writeWav(recording, samples, 16_000);
});
afterEach(async () => {
  expect(site.chromium.problems).toEqual([]);
  await site.close();
});
afterAll(() => {
  rmSync(folder, {recursive: true});
});

test('after one visit that used nothing, keywords are heard in a new tab with the server gone', async () => {
  site = await startOfflineSite({microphoneWav});
  const page = await site.open();
  await untilInstalled(page);
  await goOffline(site, page);
  expect(await hearWords(await site.open(), 3)).toEqual(['left', 'go', 'stop']);
});

test('after one visit that transcribed, a recording gives the same text with the server gone, and so does speech', async () => {
  site = await startOfflineSite({microphoneWav, loop: true});
  const page = await site.open('#transcription');
  const online = await transcribe(page, recording);
  expect(online).not.toBe('');
  await untilInstalled(page);
  await expect
    .poll(() => listKept(page), {timeout: 30_000})
    .toHaveProperty('models/earshot-ctc/earshot-ctc.safetensors');
  await expect
    .poll(() => listKept(page), {timeout: 30_000})
    .toHaveProperty('models/earshot-lm/earshot-lm.bin');
  await goOffline(site, page);
  const again = await site.open('#transcription');
  expect(await transcribe(again, recording)).toBe(online);
  const utterances = again.locator('live-transcript [part="utterance"]');
  const countOfRecording = await utterances.count();
  await again.locator('live-transcript [part="button"]').click();
  await expect.poll(() => utterances.count(), {timeout: 60_000}).toBeGreaterThan(countOfRecording);
});

test('an engine that was used at the first visit is there with the server gone, and no other', async () => {
  const load = (page: Page): Promise<string | undefined> =>
    page.evaluate(async () => {
      const listener = document.querySelector('kws-listener')!;
      listener.engine = 'onnx';
      await listener.updateComplete; // another engine is another session
      await listener.load();
      return listener.info?.engine;
    });
  site = await startOfflineSite();
  const page = await site.open();
  expect(await load(page)).toBe('onnx');
  await untilInstalled(page);
  const runtimes = async (): Promise<readonly string[]> =>
    Object.keys(await listKept(page)).filter((path) => /^ort.*\.wasm$/.test(path));
  const wanted = [expect.stringMatching(/^ort-wasm-simd-threaded-.{8}\.wasm$/)];
  await expect.poll(runtimes, {timeout: 30_000}).toEqual(wanted);
  await goOffline(site, page);
  expect(await load(await site.open())).toBe('onnx');
});

test('what is kept from the start is the app and the way of keywords, no more than its budget, whole and as built', async () => {
  site = await startOfflineSite();
  const page = await site.open();
  await untilInstalled(page);
  const kept = await listKept(page);
  const sizes = await Promise.all(
    Object.keys(kept).map(async (path) => {
      const content = await readFile(repositoryPath(`dist/demo/${path}`));
      expect(kept[path], path).toBe(content.length);
      return gzipSync(content).length;
    }),
  );
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  expect(total, `${total} bytes in ${sizes.length} files`).toBeLessThanOrEqual(MOST_GZIP_BYTES);
  expect(Object.keys(kept)).toContain('models/earshot-kws/earshot-kws.safetensors');
  expect(Object.keys(kept).filter((path) => /^ort|^tfjs-webgpu-r|earshot-(ctc|lm)|\.md$/.test(path))).toEqual(
    [],
  );
});

test('Chromium finds nothing that keeps it from being installed', async () => {
  site = await startOfflineSite();
  const page = await site.open();
  const session = await site.chromium.context.newCDPSession(page);
  const {errors, data, url} = await session.send('Page.getAppManifest');
  expect(url).toMatch(/earshot\.webmanifest$/);
  expect(errors).toEqual([]);
  const {icons} = JSON.parse(data ?? '') as {
    icons: readonly {readonly src: string; readonly sizes: string}[];
  };
  for (const {src, sizes} of icons) {
    const size = await page.evaluate(async (path) => {
      const image = new Image();
      image.src = path;
      await image.decode();
      return `${image.naturalWidth}x${image.naturalHeight}`;
    }, src);
    if (sizes !== 'any') expect(size, src).toBe(sizes);
  }
  const {installabilityErrors} = await session.send('Page.getInstallabilityErrors');
  expect(installabilityErrors).toEqual([]);
});

test('a page that embeds the elements installs no service worker', async () => {
  const embedding = await startListeningSite();
  site = await startOfflineSite({folder: embedding.folder});
  await site.chromium.context.route('**/favicon.ico', (route) => route.fulfill({status: 204}));
  const page = await site.open();
  const listener = page.locator('kws-listener [part="button"]');
  await listener.waitFor();
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);
  await page.close();
  await embedding.close();
});
