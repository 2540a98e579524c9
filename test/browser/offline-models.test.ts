import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Page} from 'playwright-core';
import {afterAll, afterEach, beforeAll, describe, expect, test} from 'vitest';
import {contentSecurityPolicy} from '../../scripts/content-security-policy.mjs';
import type {} from '../../src/define.ts';
import {card as deepspeech2} from '../../src/systems/deepspeech2/card.ts';
import {deepSpeech2Shapes} from '../../src/systems/deepspeech2/weights.ts';
import {card as builtIn} from '../../src/systems/earshot-ctc/card.ts';
import {card as micronet} from '../../src/systems/micronet-large/card.ts';
import {writeCheckpointFile} from '../support/checkpoint-file.ts';
import {startMirror} from '../support/mirror-server.ts';
import {
  demoWithModels,
  goOffline,
  hearWords,
  listKept,
  startOfflineSite,
  transcribe,
  untilInstalled,
  type OfflineSite,
} from '../support/offline-site.ts';
import {readMono} from '../support/recordings.ts';
import {repositoryPath} from '../support/repository.ts';
import {seededCheckpoint} from '../support/seeded-checkpoint.ts';
import {hasShared, sharedPath} from '../support/shared.ts';
import {concatenateWithSilence, writeWav} from '../support/wav.ts';

const MICRONET = `${micronet.id}/${micronet.weights.name}`;
const WORDS = ['yes', 'left', 'right'];
const PATIENT = {timeout: 60_000}; // a busy machine

const folder = mkdtempSync(join(tmpdir(), 'earshot-offline-models-'));
const microphoneWav = join(folder, 'words.wav');
const checkpoint = join(folder, 'narrow.safetensors');
let site: OfflineSite;

beforeAll(async () => {
  const clips = WORDS.map((word) => readMono(repositoryPath(`test/fixtures/speech/${word}.wav`)));
  writeWav(microphoneWav, concatenateWithSilence(clips, 1200, 16_000).samples, 16_000);
  await writeCheckpointFile(seededCheckpoint(deepSpeech2Shapes(96)), checkpoint);
});
afterEach(async () => {
  expect(site.chromium.problems).toEqual([]);
  await site.close();
});
afterAll(() => {
  rmSync(folder, {recursive: true});
});

describe.skipIf(!hasShared)('a published model (skipped where ../shared is absent)', () => {
  const published = sharedPath('models', 'micronet_large_int8.tflite');
  const item = (page: Page) => page.locator(`#library > li:has-text("${micronet.title}")`);
  const verified = {verified: true, sha256: micronet.weights.accepted[0]!.sha256};
  const weightsOf = (page: Page) =>
    page.evaluate(() => document.querySelector('kws-listener')!.info?.weights);

  test('that was only got among the models spots keywords with the server gone', async () => {
    const folderOfSite = await demoWithModels({[MICRONET]: published});
    site = await startOfflineSite({microphoneWav, folder: folderOfSite});
    const page = await site.open('#models');
    await item(page).getByRole('button', {name: 'Get'}).click();
    await expect.poll(() => item(page).getByRole('status').innerText(), PATIENT).toBe('It is here now.');
    await untilInstalled(page);
    await goOffline(site, page);
    const again = await site.open('#models');
    await item(again).getByRole('button', {name: 'Use it'}).click();
    expect(await hearWords(again, WORDS.length)).toEqual(WORDS.toReversed());
    expect(await weightsOf(again)).toMatchObject(verified);
    rmSync(folderOfSite, {recursive: true});
  });

  test('that came from a mirror by listening spots keywords with server and mirror gone', async () => {
    const mirror = await startMirror({[MICRONET]: published});
    const policy = contentSecurityPolicy.replace("connect-src 'self'", `connect-src 'self' ${mirror.origin}`);
    site = await startOfflineSite({microphoneWav, headers: {'Content-Security-Policy': policy}});
    const choose = (page: Page, from?: string) =>
      page.evaluate(
        ([model, url]) => {
          const listener = document.querySelector('kws-listener')!;
          listener.model = model;
          if (url !== undefined) listener.mirror = url;
        },
        [micronet.id, from] as const,
      );
    const page = await site.open();
    await choose(page, mirror.url);
    expect(await hearWords(page, WORDS.length)).toEqual(WORDS.toReversed());
    expect(mirror.requests).toEqual([MICRONET]);
    await untilInstalled(page);
    await mirror.close();
    await goOffline(site, page);
    const again = await site.open();
    await choose(again);
    expect(await hearWords(again, WORDS.length)).toEqual(WORDS.toReversed());
    expect(await weightsOf(again)).toMatchObject(verified);
  });
});

test('a transcriber that was only got among the models writes down a recording with the server gone', async () => {
  site = await startOfflineSite();
  const page = await site.open('#models');
  const item = (tab: Page) => tab.locator(`#library > li:has-text("${builtIn.title}")`);
  await untilInstalled(page);
  await item(page).getByRole('button', {name: 'Get'}).click();
  await expect.poll(() => item(page).getByRole('status').innerText(), PATIENT).toBe('It is here now.');
  await expect.poll(() => listKept(page), PATIENT).toHaveProperty('models/earshot-lm/earshot-lm.bin');
  await goOffline(site, page);
  const again = await site.open('#models');
  await item(again).getByRole('button', {name: 'Use it'}).click();
  expect(await transcribe(again, microphoneWav)).not.toBe('');
});

test('a checkpoint that was imported at an earlier visit is not imported again with the server gone', async () => {
  site = await startOfflineSite();
  const page = await site.open('#transcription');
  const online = await importAndTranscribe(page);
  expect(online.phases).toContain('import');
  expect(online.text).not.toBe('');
  await untilInstalled(page);
  const runtimes = async (): Promise<readonly string[]> =>
    Object.keys(await listKept(page)).filter((path) => /^ort.*\.wasm$/.test(path));
  await expect.poll(runtimes, PATIENT).toHaveLength(1);
  await goOffline(site, page);
  const again = await importAndTranscribe(await site.open('#transcription'));
  expect(again.phases).not.toContain('import');
  expect(again.text).toBe(online.text);
});

/** Gives the page the checkpoint, and has it write down a recording with that. */
async function importAndTranscribe(
  page: Page,
): Promise<{readonly text: string; readonly phases: readonly string[]}> {
  await page.locator('#transcription-body').waitFor();
  await page.evaluate(() => {
    const phases: string[] = [];
    Object.assign(globalThis, {phases});
    document.addEventListener('transcript-progress', ({phase}) => phases.push(phase));
  });
  await page.locator('#transcriber-file').setInputFiles(checkpoint);
  await page.locator('#transcriber-unknown-system').selectOption(deepspeech2.id);
  await page.locator('#transcriber-run-unverified').check();
  const state = () => page.evaluate(() => document.querySelector('live-transcript')!.state.name);
  await expect.poll(state, PATIENT).toBe('ready');
  const text = await transcribe(page, microphoneWav);
  return {text, phases: await page.evaluate(() => Reflect.get(globalThis, 'phases') as readonly string[])};
}
