import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, expect, test} from 'vitest';
import {earshot} from '../support/earshot-command.ts';
import {readMono} from '../support/recordings.ts';
import {repositoryPath} from '../support/repository.ts';
import {smallCheckpoints} from '../support/small-checkpoints.ts';
import {startTranscriptPage, type TranscriptPage} from '../support/transcript-page.ts';
import {concatenate, writeWav} from '../support/wav.ts';

const SYSTEM = 'wav2vec2-base';
const ATTRIBUTES = `model="${SYSTEM}" allow-unverified`;

let folder = '';
let checkpoint = '';
let imported = '';
let speech = '';
let site: TranscriptPage;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-imported-'));
  [checkpoint, imported, speech] = ['narrow.safetensors', 'imported', 'speech.wav'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  await smallCheckpoints[SYSTEM]!(checkpoint);
  const word = readMono(repositoryPath('test/fixtures/speech/left.wav'));
  // one utterance that is longer than a preview's window of 6 s
  writeWav(speech, concatenate(Array.from({length: 10}, () => word)), 16_000);
  const args = ['--system', SYSTEM, '--precision', 'int8', '--out', imported, '--allow-unverified'];
  const {code, stderr} = await earshot('import', checkpoint, ...args);
  expect(code, stderr).toBe(0);
});
afterEach(async () => {
  await site.close();
});
afterAll(() => {
  rmSync(folder, {recursive: true});
});

/** What the element told while it read the speech. */
interface Told {
  readonly texts: readonly string[];
  readonly partials: readonly {readonly text: string; readonly stableText: string}[];
  readonly phases: readonly string[];
}

/** Has the element read the speech, from a checkpoint of the page's where one is given. */
async function read(weights?: string): Promise<Told> {
  const {page} = site;
  await page.evaluate(() => {
    document.body.append(Object.assign(document.createElement('input'), {type: 'file', multiple: true}));
  });
  await page.setInputFiles('input', [speech, ...(weights === undefined ? [] : [weights])]);
  return await page.evaluate(async () => {
    const [recording, own] = document.querySelector('input')!.files!;
    const element = globalThis.transcript;
    if (own) element.weights = own;
    await element.updateComplete; // it begins anew with them
    const partials: {text: string; stableText: string}[] = [];
    const phases = new Set<string>();
    element.addEventListener('transcript-partial', ({text, stableText}) => partials.push({text, stableText}));
    element.addEventListener('transcript-progress', ({phase}) => phases.add(phase));
    const utterances = await element.transcribe(recording!);
    await element.updateComplete;
    return {texts: utterances.map(({text}) => text), partials, phases: [...phases]};
  });
}

/** What the command line makes of the speech. */
async function commandTexts(): Promise<readonly string[]> {
  const args = ['--system', SYSTEM, '--weights', imported, '--allow-unverified', '--format', 'json'];
  const {code, stdout, stderr} = await earshot('transcribe', speech, ...args);
  expect(code, stderr).toBe(0);
  const {utterances} = JSON.parse(stdout) as {utterances: readonly {text: string}[]};
  return utterances.map(({text}) => text);
}

test('an utterance is previewed, and written down whole at its end as the command line does', async () => {
  site = await startTranscriptPage();
  await site.chromium.context.route(`**/models/${SYSTEM}/*`, (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    return route.fulfill({body: readFileSync(join(imported, name))});
  });
  await site.open(ATTRIBUTES);
  const {texts, partials, phases} = await read();
  expect(texts).toEqual(await commandTexts());
  expect(texts.join('')).not.toBe('');
  expect(partials.length).toBeGreaterThan(0);
  for (const {stableText} of partials) expect(stableText).toBe('');
  expect(phases).toEqual(['download', 'verify', 'compile', 'transcribe']);
  expect(await site.part('utterance').allInnerTexts()).toEqual(texts);
  expect(await site.part('unverified').count()).toBe(1);
  expect(site.chromium.problems).toEqual([]);
});

test('a checkpoint of the page is imported and gives the same text', async () => {
  site = await startTranscriptPage();
  await site.open(ATTRIBUTES);
  const {texts, phases} = await read(checkpoint);
  expect(texts).toEqual(await commandTexts());
  expect(phases).toEqual(['verify', 'import', 'compile', 'transcribe']);
  expect(site.server.requests.filter((path) => path.includes(SYSTEM))).toEqual([]);
  expect(site.chromium.problems).toEqual([]);
});
