import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {card} from '../../src/systems/deepspeech2/card.ts';
import {deepSpeech2Shapes} from '../../src/systems/deepspeech2/weights.ts';
import {card as builtIn} from '../../src/systems/earshot-ctc/card.ts';
import {findAccessibilityProblems} from '../support/axe.ts';
import {writeCheckpointFile} from '../support/checkpoint-file.ts';
import {earshot} from '../support/earshot-command.ts';
import {seededCheckpoint} from '../support/seeded-checkpoint.ts';
import {spokenWords, startTranscriptionPage, type TranscriptionPage} from '../support/transcription-view.ts';
import {encodeWav} from '../support/wav.ts';
import {seededWav2Letter} from '../support/wav2letter-tflite.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-demo-checkpoint-'));
const checkpointPath = join(folder, 'narrow.safetensors');
let checkpoint: Uint8Array; // of DeepSpeech2's layers, narrow
let demo: TranscriptionPage;
let page: TranscriptionPage['page'];

beforeAll(async () => {
  await writeCheckpointFile(seededCheckpoint(deepSpeech2Shapes(96)), checkpointPath);
  checkpoint = readFileSync(checkpointPath);
  demo = await startTranscriptionPage();
  page = demo.page;
});
afterAll(async () => {
  await demo.close();
  rmSync(folder, {recursive: true});
});

const text = (selector: string): Promise<string> => page.locator(selector).innerText();
const stateName = (): Promise<string> => demo.stateName();
const item = (title: string): string => `#transcribers li:has-text("${title}")`;

/** What the list says while it is being loaded, each text once, in order. */
async function watchLoading(): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const seen = new Set<string>();
    const box = document.querySelector<HTMLElement>('#loading')!;
    new MutationObserver(() => {
      if (!box.hidden) seen.add(box.innerText.replaceAll(/\d[\d.]* /g, 'n '));
    }).observe(box, {subtree: true, childList: true, characterData: true, attributes: true});
    Object.assign(globalThis, {seenWhileLoading: seen});
  });
  return () => page.evaluate(() => [...(Reflect.get(globalThis, 'seenWhileLoading') as Set<string>)]);
}

/** Runs in the page: what an earlier test has imported would be found, and nothing imported. */
async function forgetImports(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const names: string[] = [];
  for await (const name of root.keys()) names.push(name);
  for (const name of names) await root.removeEntry(name, {recursive: true});
}

/** Drops the checkpoint and says what it is. */
async function dropCheckpoint(): Promise<void> {
  await demo.drop('narrow.safetensors', checkpoint);
  await expect.poll(() => text('#transcriber-file-status')).toBe('narrow.safetensors is not known.');
  await page.locator('#transcriber-unknown-system').selectOption(card.id);
  await page.locator('#transcriber-run-unverified').check();
}

describe('the list of models', () => {
  test('says before anything is fetched what each costs', async () => {
    await demo.openView();
    const before = demo.server.requests.length;
    for (const words of ['Size', 'Memory', 'How well it hears']) {
      expect(await text(item(builtIn.title))).toContain(words);
      expect(await text(item(card.title))).toContain(words);
    }
    expect(await text(item(card.title))).toMatch(/a file of 415 MB, imported in this page to 104 MB/);
    expect(demo.server.requests.slice(before)).toEqual([]);
    expect(demo.chromium.problems).toEqual([]);
  });

  test('says how fast one would be here where that is asked for, or that it was not measured', async () => {
    await demo.openView();
    const speed = page.locator(item(card.title)).locator('dd').nth(2);
    const button = page.locator(`${item(card.title)} button`).last();
    expect(await speed.innerText()).toBe('not measured yet');
    await button.focus();
    await page.keyboard.press('Enter');
    expect(await speed.innerText()).toBe('being measured…');
    expect(await button.getAttribute('aria-label')).toBe(`Stop measuring: ${card.title}`);
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await button.click();
    await expect.poll(() => speed.innerText()).toBe('not measured yet');
    await button.click();
    await expect
      .poll(() => speed.innerText(), {timeout: 60_000})
      .toMatch(/^about \d+\.\d\d of real time: 10 s of sound take \d+\.\d s$/);
  });

  test('measures what is known by its file alone once that is chosen', async () => {
    await demo.openView();
    const published = item('Wav2Letter');
    await page.locator(`${published} button`).last().click();
    await expect.poll(() => text(published)).toContain('measured once its file is chosen');
    const wav2letter = {name: 'wav2letter.tflite', mimeType: '', buffer: Buffer.from(seededWav2Letter())};
    await page.locator('#transcriber-file').setInputFiles(wav2letter);
    await page.locator('#transcriber-run-unverified').check();
    await page.locator(`${published} button`).last().click();
    await expect.poll(() => text(published), {timeout: 60_000}).toMatch(/about \d+\.\d\d of real time/);
    expect(demo.chromium.problems).toEqual([]);
  });

  test('offers a checkpoint’s name to the systems that have checkpoints', async () => {
    await demo.openView();
    await demo.drop('final.pth', new Uint8Array(100));
    await expect.poll(() => text('#transcriber-file-status')).toBe('final.pth is not known.');
    const offered = await page.locator('#transcriber-unknown-system option').allInnerTexts();
    expect(offered).toContain(card.title);
    expect(offered.join()).not.toContain('Wav2Letter');
  });
});

describe('a checkpoint that is dropped', () => {
  test('is imported at once, byte by byte, and transcribes', async () => {
    await demo.openView();
    const seen = await watchLoading();
    await dropCheckpoint();
    await expect.poll(stateName, {timeout: 60_000}).toBe('ready');
    expect((await seen()).join()).toMatch(/Importing the checkpoint\s+n MB of n MB/);
    expect(await page.locator('#loading').isVisible()).toBe(false);
    expect(await text('#transcriber-model-name')).toBe(`${card.title} · UNVERIFIED`);
    await demo.drop('words.wav', encodeWav(spokenWords(), 16_000));
    await expect.poll(() => text('#recording-status'), {timeout: 60_000}).toMatch(/words\.wav: /);
    expect(await findAccessibilityProblems(page)).toEqual([]);
    expect(demo.chromium.problems).toEqual([]);
  });

  test('takes room among the models, and can be removed there', async () => {
    await page.goto('about:blank');
    await page.goto(`${demo.server.url}#models`);
    const entry = page.locator(`#library > li:has-text("${card.title}")`);
    await expect.poll(() => entry.innerText()).toMatch(/imported from a file of yours, [\d.]+ MB/);
    expect(await entry.getByRole('button', {name: 'Use it'}).isVisible()).toBe(false);
    await entry.getByRole('button', {name: 'Remove'}).click();
    await expect.poll(() => entry.innerText(), {timeout: 20_000}).toMatch(/On this device\s+no/);
  });

  test('is imported no further once that is cancelled', async () => {
    await page.goto('about:blank'); // whose worker has let go of its files
    await page.goto(demo.server.url);
    await page.evaluate(forgetImports);
    await demo.openView();
    await page.evaluate(() => {
      addEventListener('transcript-progress', ({phase}) => {
        if (phase === 'import') document.querySelector<HTMLElement>('#loading-cancel')!.click();
      });
    });
    await dropCheckpoint();
    const phase = () => page.evaluate(() => globalThis.transcriptEvents.at(-1)?.phase);
    await expect.poll(phase, {timeout: 20_000}).toBe('import');
    await expect.poll(stateName).toBe('idle');
    expect(await page.locator('#loading').isVisible()).toBe(false);
    expect(demo.chromium.problems).toEqual([]);
  });

  test('that is none is refused in words', async () => {
    await demo.openView();
    await demo.drop('strange.pth', new Uint8Array(1000).fill(7));
    await expect.poll(() => text('#transcriber-file-status')).toBe('strange.pth is not known.');
    await page.locator('#transcriber-unknown-system').selectOption(card.id);
    await page.locator('#transcriber-run-unverified').check();
    await expect.poll(stateName, {timeout: 60_000}).toBe('failed');
    expect(await text('#transcript [part="error"]')).toContain('The model file cannot be read.');
  });
});

describe('a network that the site has imported', () => {
  const use = `${item(card.title)} button:has-text("site’s copy")`;

  test('runs by a choice in the list', async () => {
    const imported = join(folder, 'imported');
    const {code, stderr} = await earshot(
      'import',
      checkpointPath,
      '--system',
      card.id,
      '--precision',
      'int8',
      '--out',
      imported,
    );
    expect(code, stderr).toBe(0);
    await page.route(`**/models/${card.id}/*`, (route) => {
      const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
      return route.fulfill({body: readFileSync(join(imported, name))});
    });
    await demo.openView();
    await page.locator(use).click();
    await expect.poll(stateName, {timeout: 60_000}).toBe('ready');
    expect(await text(item(card.title))).toMatch(/This site has it imported as int8: [\d.]+ MB to fetch/);
    expect(await page.locator('#transcribers [aria-current]').innerText()).toContain(card.title);
    await page.locator('#transcriber-built-in').click();
    expect(await text('#transcriber-model-name')).toBe(builtIn.title);
    await page.unroute(`**/models/${card.id}/*`);
  });

  test('and one that it has not is said to be missing, and leaves the choice as it was', async () => {
    await demo.openView();
    await page.locator(use).click();
    await expect.poll(() => text(item(card.title))).toContain('This site has not imported it.');
    expect(await page.locator('#transcribers [aria-current]').innerText()).toContain(builtIn.title);
  });
});
