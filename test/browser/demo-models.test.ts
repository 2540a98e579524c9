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
    const [value, max] = await page.locator('#storage-bar').evaluate((bar) => {
      const {value, max} = bar as HTMLProgressElement;
      return [value, max] as const;
    });
    expect(max).toBe(1);
    expect(value).toBeGreaterThan(0);
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

  test('asks the browser to keep what is here, and says whether it promises', async () => {
    const {origin} = new URL(demo.server.url);
    const session = await demo.chromium.context.newCDPSession(page);
    const answer = (setting: 'denied' | 'granted') =>
      session.send('Browser.setPermission', {permission: {name: 'persistent-storage'}, setting, origin});
    const text = (): Promise<string> => page.locator('#storage-text').innerText();
    await answer('denied');
    await openModels();
    await page.locator('#storage-persist').click();
    await expect.poll(text).toMatch(/The browser does not promise to keep them/);
    await answer('granted');
    await openModels(); // Chromium keeps what it would promise
    await expect.poll(text, PATIENT).toMatch(/The browser has promised to keep them\.$/);
    expect(await page.locator('#storage-persist').isVisible()).toBe(false);
  });

  test('says that nothing stays where the browser lets the site store nothing', async () => {
    const deny =
      "for (const [from, name] of [[navigator, 'storage'], [self, 'caches']]) Object.defineProperty(from, name, {value: undefined});";
    await page.route('**/speech.worker-*.js', async (route) => {
      const response = await route.fetch();
      await route.fulfill({response, body: `${deny}\n${await response.text()}`});
    });
    await openModels();
    await expect
      .poll(() => page.locator('#storage-notice').innerText(), PATIENT)
      .toMatch(/^They are gone when this page is closed: ./);
    expect(await page.locator('#storage-persist').isVisible()).toBe(false);
    await page.unroute('**/speech.worker-*.js');
  });

  test('can be used by everybody', async () => {
    await openModels();
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });
});
