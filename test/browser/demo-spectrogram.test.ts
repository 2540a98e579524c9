import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, expect, test} from 'vitest';
import {spokenWords, startTranscriptionPage, type TranscriptionPage} from '../support/transcription-view.ts';
import {writeWav} from '../support/wav.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-spectrogram-'));
let demo: TranscriptionPage;
let page: TranscriptionPage['page'];

beforeAll(async () => {
  const microphoneWav = join(folder, 'words.wav');
  writeWav(microphoneWav, spokenWords(), 16_000);
  demo = await startTranscriptionPage({microphoneWav, loop: true});
  page = demo.page;
});
beforeEach(async () => {
  await page.emulateMedia({colorScheme: 'light', reducedMotion: 'no-preference'});
});
afterAll(async () => {
  expect(demo.chromium.problems).toEqual([]);
  await demo.close();
  rmSync(folder, {recursive: true});
});

const text = (selector: string): Promise<string> => page.locator(selector).innerText();
const stateName = (): Promise<string> => demo.stateName();
const button = '#transcript [part="button"]';

async function listen(): Promise<void> {
  await page.locator(button).click();
  await expect.poll(stateName, {timeout: 30_000}).toBe('listening');
}

const drawingsIn = (durationMs: number): Promise<number> =>
  page.evaluate(async (ms) => {
    const before = globalThis.spectrogramDrawings;
    await new Promise((resolve) => setTimeout(resolve, ms));
    return globalThis.spectrogramDrawings - before;
  }, durationMs);
const colourCount = (): Promise<number> =>
  page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('#spectrogram')!;
    const {data} = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });

test('the spectrogram is drawn while it listens, at display rate, and told in words; not otherwise', async () => {
  await demo.openView();
  expect(await colourCount()).toBe(1);
  expect(await drawingsIn(300)).toBe(0);
  await listen();
  expect(await drawingsIn(1000)).toBeGreaterThan(15);
  await expect.poll(colourCount, {timeout: 10_000}).toBeGreaterThan(20);
  await expect.poll(() => text('#sound-text'), {timeout: 10_000}).toMatch(/^Loudest around \d+ Hz\.$/);
  await page.locator(button).click();
  await expect.poll(stateName).toBe('ready');
  expect(await drawingsIn(300)).toBe(0);
  expect(await text('#sound-text')).toBe('Nothing is being heard.');
});

test('the spectrogram takes a step a second where less movement is asked for', async () => {
  await page.emulateMedia({reducedMotion: 'reduce'});
  await demo.openView();
  await listen();
  const drawings = await drawingsIn(2500);
  expect(drawings).toBeGreaterThanOrEqual(1);
  expect(drawings).toBeLessThanOrEqual(4);
});

test('the spectrogram takes the colours of the theme', async () => {
  const firstColour = (): Promise<string> =>
    page.evaluate(() => {
      const context = document.querySelector<HTMLCanvasElement>('#spectrogram')!.getContext('2d')!;
      return context.getImageData(0, 0, 1, 1).data.join();
    });
  await demo.openView();
  const light = await firstColour();
  await page.emulateMedia({colorScheme: 'dark'});
  await expect.poll(firstColour).not.toBe(light);
});
