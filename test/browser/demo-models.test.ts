import {readFileSync} from 'node:fs';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {card as micronet} from '../../src/systems/micronet-large/card.ts';
import {findAccessibilityProblems} from '../support/axe.ts';
import {startDemoPage, type DemoPage} from '../support/demo-page.ts';
import {hasShared, sharedPath} from '../support/shared.ts';

const PATIENT = {timeout: 30_000}; // a busy machine

let demo: DemoPage;
let page: DemoPage['page'];

beforeAll(async () => {
  demo = await startDemoPage();
  page = demo.page;
});
afterAll(() => demo.close());

async function openModels(): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${demo.server.url}#models`);
  await page.locator('#models-body').waitFor();
}
const item = (title: string) => page.locator(`#library > li:has-text("${title}")`);
const press = (title: string, name: string): Promise<void> => item(title).getByRole('button', {name}).click();
const statusOf = (title: string): Promise<string> => item(title).getByRole('status').innerText();

describe('the view of models', () => {
  test('says of each model what it costs and gives, before anything is fetched', async () => {
    await openModels();
    expect(await item('MicroNet').innerText()).toMatch(
      /0\.7 MB[\s\S]*On this device\s+no[\s\S]*96\.5 %[\s\S]*ML-zoo[\s\S]*96\.2 % of speech-commands-dev[\s\S]*Apache-2\.0/,
    );
    expect(await page.locator('#library > li').count()).toBe(10);
    expect(demo.server.requests.filter((path) => path.includes('/models/'))).toEqual([]);
  });

  test('gets a model, has it after a reload, checks and removes it', async () => {
    await openModels();
    await press('Earshot book English', 'Get');
    await expect.poll(() => statusOf('Earshot book English'), PATIENT).toBe('It is here now.');
    await openModels();
    await expect.poll(() => item('Earshot book English').innerText(), PATIENT).toMatch(/all of it, 8\.0 MB/);
    await expect
      .poll(() => page.locator('#storage-text').innerText())
      .toMatch(/^Models take 8\.0 MB, the whole site/);
    await press('Earshot book English', 'Verify');
    await expect
      .poll(() => statusOf('Earshot book English'), PATIENT)
      .toBe('Its files are what they should be.');
    await press('Earshot book English', 'Remove');
    await expect.poll(() => item('Earshot book English').innerText(), PATIENT).toMatch(/On this device\s+no/);
  });

  test('says why a model cannot be had: this page may ask its own site only', async () => {
    await openModels();
    await press('Wav2Letter', 'Get');
    await expect.poll(() => statusOf('Wav2Letter'), PATIENT).toMatch(/connect-src/);
  });

  test.runIf(hasShared)('keeps a published file that is dropped, by its digest', async () => {
    const bytes = readFileSync(sharedPath('models/micronet_large_int8.tflite'));
    await openModels();
    await page.locator('#library-file').setInputFiles({
      name: 'whatever.tflite',
      mimeType: 'application/octet-stream',
      buffer: bytes,
    });
    await expect
      .poll(() => page.locator('#library-status').innerText(), PATIENT)
      .toBe(`whatever.tflite is kept: ${micronet.title}.`);
    await expect.poll(() => item('MicroNet').innerText(), PATIENT).toMatch(/all of it, 0\.7 MB/);
    bytes[1000]! ^= 1;
    await page.locator('#library-file').setInputFiles({
      name: 'flipped.tflite',
      mimeType: 'application/octet-stream',
      buffer: bytes,
    });
    await expect
      .poll(() => page.locator('#library-status').innerText(), PATIENT)
      .toMatch(/^flipped\.tflite is not kept: got .*SHA-256/);
  });

  test('can be used by everybody', async () => {
    await openModels();
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });
});
