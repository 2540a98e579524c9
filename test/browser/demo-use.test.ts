import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {card} from '../../src/systems/earshot-kws/card.ts';
import {card as micronet} from '../../src/systems/micronet-large/card.ts';
import {startDemoPage, type DemoPage} from '../support/demo-page.ts';
import {readMono} from '../support/recordings.ts';
import {repositoryPath} from '../support/repository.ts';
import {hasShared, sharedPath} from '../support/shared.ts';
import {concatenateWithSilence, writeWav} from '../support/wav.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-demo-'));
let demo: DemoPage;
let page: DemoPage['page'];

beforeAll(async () => {
  const clips = ['stop', 'go', 'left'].map((word) =>
    readMono(repositoryPath(`test/fixtures/words/${word}.wav`)),
  );
  const microphoneWav = join(folder, 'words.wav');
  writeWav(microphoneWav, concatenateWithSilence(clips, 1200, 16000).samples, 16000);
  demo = await startDemoPage({microphoneWav});
  page = demo.page;
});
beforeEach(async () => {
  await page.emulateMedia({reducedMotion: 'no-preference'});
  await demo.open();
});
afterAll(async () => {
  expect(demo.chromium.problems).toEqual([]);
  await demo.close();
  rmSync(folder, {recursive: true});
});

const stateName = (): Promise<string> => page.evaluate(() => globalThis.listener.state.name);
const text = (selector: string): Promise<string> => page.locator(selector).innerText();

async function listen(): Promise<void> {
  await page.locator('kws-listener button').click();
  await expect.poll(stateName, {timeout: 30_000}).toBe('listening');
}

test('words that are heard are listed with score and time, newest first, and drawn, and told in numbers', async () => {
  await page.locator('#threshold').fill('0.5'); // a synthetic voice is not what the network was trained for
  const empty = await demo.readChart();
  await listen();
  const words = page.locator('#detections .word');
  await expect.poll(() => words.allInnerTexts(), {timeout: 12_000}).toEqual(['left', 'go', 'stop']);
  expect(await page.locator('#detections .score').first().innerText()).toMatch(/^0\.\d\d$/);
  expect(await page.locator('#detections .time').first().innerText()).toMatch(/^0:0\d\.\d$/);
  expect((await demo.readChart()).paintedCount).toBeGreaterThan(empty.paintedCount + 1000);
  await page.locator('#chart-details summary').click();
  const peak = page.locator('#chart-rows tr', {hasText: 'left'}).locator('td').last();
  await expect.poll(async () => Number(await peak.innerText())).toBeGreaterThan(0.5);
  await page.locator('#stats-details summary').click();
  expect(await text('#stats')).toMatch(/Real-time factor\s+0\.\d{3}[\s\S]*Dropped samples\s+0/);
});

test('the chart is drawn at display rate while listening, by no rendering of Lit, and not at all otherwise', async () => {
  const countFor = (durationMs: number): Promise<{drawings: number; renderings: number}> =>
    page.evaluate(async (ms) => {
      let renderings = 0;
      const {listener} = globalThis;
      const requestUpdate = listener.requestUpdate.bind(listener);
      listener.requestUpdate = (...parameters) => {
        renderings++;
        requestUpdate(...parameters);
      };
      const before = globalThis.drawingCount;
      await new Promise((resolve) => setTimeout(resolve, ms));
      return {drawings: globalThis.drawingCount - before, renderings};
    }, durationMs);
  expect((await countFor(300)).drawings).toBe(0);
  await listen();
  const {drawings, renderings} = await countFor(1000); // of silence: the words come later
  expect(drawings).toBeGreaterThan(15); // the hop is 100 ms
  expect(renderings).toBe(0);
  await page.locator('kws-listener button').click();
  await expect.poll(stateName).toBe('ready');
  expect((await countFor(300)).drawings).toBe(0);
});

test('the chart takes a step a second where less movement is asked for', async () => {
  await page.emulateMedia({reducedMotion: 'reduce'});
  await listen();
  const drawings = await page.evaluate(async () => {
    const before = globalThis.drawingCount;
    await new Promise((resolve) => setTimeout(resolve, 2500));
    return globalThis.drawingCount - before;
  });
  expect(drawings).toBeGreaterThanOrEqual(1);
  expect(drawings).toBeLessThanOrEqual(4);
});

test('the threshold shows its number, by keyboard too, and begins with the model’s own', async () => {
  const own = card.defaults.threshold;
  expect(await text('#threshold-value')).toBe(own.toFixed(2));
  await page.locator('#threshold').focus();
  await page.keyboard.press('ArrowRight');
  expect(await text('#threshold-value')).toBe((own + 0.01).toFixed(2));
  expect(await page.evaluate(() => globalThis.listener.threshold)).toBeCloseTo(own + 0.01, 9);
});

test('what runs is told: weights, engine, numerics, threads; and another engine runs on demand', async () => {
  await page.locator('#view-keywords summary', {hasText: 'What runs'}).click();
  await listen();
  expect(await text('#running')).toMatch(/the file built into Earshot[\s\S]*TensorFlow\.js[\s\S]*float32/);
  await page.locator('#engine').selectOption('onnx');
  await expect.poll(() => text('#running'), {timeout: 30_000}).toMatch(/ONNX Runtime[\s\S]*Threads\s+1\s/);
  await page.evaluate(() => {
    globalThis.listener.setAttribute('thread-count', '2');
  });
  await expect
    .poll(() => text('#running'), {timeout: 30_000})
    .toMatch(/Threads\s+1\s[\s\S]*On 1 of the 2 threads asked for: the page is not cross-origin isolated/);
  await expect.poll(stateName).toBe('listening'); // told what runs, it may still wait for the microphone
});

test('the engine may be measured, and why it was chosen is told', async () => {
  await page.locator('#view-keywords summary', {hasText: 'What runs'}).click();
  await page.locator('#engine').selectOption('auto');
  await listen();
  expect(await text('#running')).toMatch(/Why\s+Measured on this device: [\s\S]* ms with tfjs float32/);
});

describe('a file of the visitor’s', () => {
  const garbage = {
    name: 'garbage.tflite',
    mimeType: 'application/octet-stream',
    buffer: Buffer.alloc(100, 7),
  };

  test('that no card lists runs only when asked for, and fails in plain words where it is no model', async () => {
    await page.locator('#file').setInputFiles(garbage);
    await page.locator('#unknown-file').waitFor();
    expect(await text('#file-status')).toBe('garbage.tflite is not known.');
    expect(await page.evaluate(() => globalThis.listener.weights)).toBeUndefined();
    await page.locator('#unknown-system').selectOption('micronet-large');
    await page.locator('#run-unverified').check();
    expect(await text('#model-name')).toContain('UNVERIFIED');
    await page.locator('kws-listener button').click();
    const error = page.locator('kws-listener [part="error"]');
    await error.waitFor({timeout: 30_000});
    expect(await error.innerText()).toContain('The model file cannot be read.');
    await page.locator('#built-in').click();
    expect(await text('#model-name')).toBe('Earshot keywords');
    expect(await page.locator('#unknown-file').isVisible()).toBe(false);
    await listen();
  });

  test('may be dropped anywhere on the page', async () => {
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['no model'], 'dropped.tflite'));
      const init = {dataTransfer, bubbles: true, cancelable: true};
      document.querySelector('h1')!.dispatchEvent(new DragEvent('drop', init));
    });
    await expect.poll(() => text('#file-status')).toBe('dropped.tflite is not known.');
  });

  describe.skipIf(!hasShared)('as published (needs ../shared)', () => {
    const published = (): Buffer => readFileSync(sharedPath('models/micronet_large_int8.tflite'));

    test('is recognised by its digest and runs at once', async () => {
      await page.locator('#view-keywords summary', {hasText: 'What runs'}).click();
      await page.locator('#file').setInputFiles(sharedPath('models/micronet_large_int8.tflite'));
      await expect.poll(() => text('#model-name')).toBe('MicroNet Large INT8 (Arm)');
      expect(await text('#file-status')).toBe('micronet_large_int8.tflite is the published file.');
      expect(await text('#threshold-value')).toBe(micronet.defaults.threshold.toFixed(2));
      expect(await text('#running')).toContain('MicroNet Large INT8 (Arm)');
      expect(await page.locator('#chart-rows th').first().textContent()).toBe('down'); // its own order
      await listen();
      expect(await text('#running')).toMatch(/the published file[\s\S]*Earshot’s own[\s\S]*int8-exact/);
      expect(await page.locator('kws-listener [part="unverified"]').count()).toBe(0);
    });

    test('but changed by one byte is marked UNVERIFIED wherever it shows', async () => {
      const bytes = published();
      bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
      const path = join(folder, 'changed.tflite');
      writeFileSync(path, bytes);
      await page.locator('#view-keywords summary', {hasText: 'What runs'}).click();
      await page.locator('#file').setInputFiles(path);
      await page.locator('#unknown-file').waitFor();
      await page.locator('#unknown-system').selectOption('micronet-large');
      await page.locator('#run-unverified').check();
      await listen();
      expect(await text('#running')).toContain('UNVERIFIED');
      expect(await text('#model-name')).toContain('UNVERIFIED');
      expect(await text('#file-status')).toContain('UNVERIFIED');
      expect(await text('kws-listener [part="unverified"]')).toMatch(/unverified/i);
    });
  });
});
