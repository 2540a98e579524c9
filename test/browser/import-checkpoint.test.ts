import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Page} from 'playwright-core';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import {deepSpeech2Shapes} from '../../src/systems/deepspeech2/weights.ts';
import {writeCheckpointFile} from '../support/checkpoint-file.ts';
import {earshot} from '../support/earshot-command.ts';
import {repositoryPath} from '../support/repository.ts';
import {seededCheckpoint} from '../support/seeded-checkpoint.ts';
import {importEarshot, openSpotterPage, type SpotterPage} from '../support/spotter-page.ts';

const SYSTEM = 'deepspeech2';
const SPEECH = repositoryPath('test/fixtures/speech/stop.wav');

let folder = '';
let checkpoint = '';
let page: SpotterPage | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-import-page-'));
  checkpoint = join(folder, 'narrow.safetensors');
  await writeCheckpointFile(seededCheckpoint(deepSpeech2Shapes(96)), checkpoint);
});
afterEach(async () => {
  await page?.close();
  page = undefined;
});
afterAll(() => {
  rmSync(folder, {recursive: true});
});

/** Opens a page that has the speech and the checkpoint as files; the site has what is in the folder, if anything. */
async function open(imported?: string): Promise<SpotterPage> {
  page = await openSpotterPage();
  const {context, page: tab} = page.chromium;
  await context.route(`**/models/${SYSTEM}/*`, (route) => {
    if (imported === undefined) return route.fulfill({status: 404});
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    return route.fulfill({body: readFileSync(join(imported, name))});
  });
  await giveFiles(tab);
  return page;
}

async function giveFiles(tab: Page): Promise<void> {
  await tab.evaluate(() => {
    document.body.innerHTML = '<input type="file" multiple>';
  });
  await tab.setInputFiles('input', [SPEECH, checkpoint]);
}

/** Changes a byte of a file of the imported network, as a failing disk does. */
async function harmStoredFile(tab: Page, name: string): Promise<void> {
  await tab.evaluate(async (wanted) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('earshot-models');
    for await (const [note, handle] of folder.entries()) {
      if (!(handle instanceof FileSystemFileHandle) || !/^[0-9a-f]{64}\.json$/.test(note)) continue;
      if (!(await (await handle.getFile()).text()).includes(`"${wanted}"`)) continue;
      const file = await folder.getFileHandle(note.replace('.json', ''));
      const writable = await file.createWritable({keepExistingData: true});
      await writable.write({type: 'write', position: 100, data: new Uint8Array([1, 2, 3])});
      await writable.close();
    }
  }, name);
}

/** What the page did with the network. */
interface Outcome {
  readonly text: string;
  readonly phases: readonly string[];
  readonly numerics: string;
  readonly verified: boolean;
}

/** Loads the network, from the page's file or from the site, and transcribes. */
async function transcribeIn({chromium}: SpotterPage, source: 'own' | 'site'): Promise<Outcome> {
  return await chromium.page.evaluate(
    async ({source, system}) => {
      const [speech, weights] = document.querySelector('input')!.files!;
      const phases = new Set<string>();
      const transcriber = await globalThis.earshot.Transcriber.load(system, {
        ...(source === 'own' && {weights: weights!}),
        onProgress: ({phase}) => phases.add(phase),
      });
      const loading = [...phases];
      const utterances = await transcriber.transcribe(speech!);
      const {
        numerics,
        weights: {verified},
      } = transcriber.info!;
      transcriber.dispose();
      return {text: utterances.map(({text}) => text).join('\n'), phases: loading, numerics, verified};
    },
    {source, system: SYSTEM},
  );
}

/** What the command line makes of the speech. */
async function commandText(weights: string, numerics: string): Promise<string> {
  const args = ['--system', SYSTEM, '--weights', weights, '--numerics', numerics];
  const {code, stdout, stderr} = await earshot('transcribe', SPEECH, ...args);
  expect(code, stderr).toBe(0);
  return stdout.trim();
}

describe('a checkpoint that is given to a page', () => {
  it('is imported in the worker and gives the text of the command line', async () => {
    const opened = await open();
    const {text, ...outcome} = await transcribeIn(opened, 'own');
    expect(outcome).toEqual({
      phases: ['verify', 'import', 'compile'],
      numerics: 'int8-dynamic',
      verified: false,
    });
    expect(text).toBe(await commandText(checkpoint, 'int8-dynamic'));
    expect(text.length).toBeGreaterThan(0);
    expect(opened.chromium.problems).toEqual([]);
    expect(opened.server.requests.filter((path) => path.includes(SYSTEM))).toEqual([]);
  });

  it('is imported once: the next visit only reads which checkpoint it is', async () => {
    const opened = await open();
    const {page} = opened.chromium;
    const first = await transcribeIn(opened, 'own');
    await page.reload();
    await importEarshot(page, opened.server);
    await giveFiles(page);
    expect(await transcribeIn(opened, 'own')).toEqual({...first, phases: ['verify', 'compile']});
    await harmStoredFile(page, 'model.onnx.data');
    expect(await transcribeIn(opened, 'own')).toEqual(first);
    expect(opened.chromium.problems).toEqual([]);
  });

  it('is listed with the room that it takes, and removed', async () => {
    const opened = await open();
    await transcribeIn(opened, 'own');
    const entries = await opened.chromium.page.evaluate(async (system) => {
      const library = new globalThis.earshot.ModelLibrary();
      const entry = async () => (await library.list()).models.find(({id}) => id === system)!;
      const before = await entry();
      await library.verify(system);
      await library.remove(system);
      const after = await entry();
      library.dispose();
      return {before, after};
    }, SYSTEM);
    const {storedBytes} = entries.before;
    expect(storedBytes).toBeGreaterThan(100_000);
    expect(entries.before).toMatchObject({isInstalled: false, importedBytes: storedBytes}); // no card lists it
    expect(entries.after).toMatchObject({isInstalled: false, storedBytes: 0, importedBytes: 0});
    expect((await transcribeIn(opened, 'own')).phases).toContain('import');
    expect(opened.chromium.problems).toEqual([]);
  });

  it('may be called off while it is imported, and the page goes on', async () => {
    const {chromium} = await open();
    const outcome = await chromium.page.evaluate(async (system) => {
      const [, weights] = document.querySelector('input')!.files!;
      const calledOff = new AbortController();
      const phases: string[] = [];
      const loading = globalThis.earshot.Transcriber.load(system, {
        weights: weights!,
        signal: calledOff.signal,
        onProgress: ({phase}) => {
          phases.push(phase);
          if (phase === 'import') calledOff.abort();
        },
      });
      const name = await loading.then(
        () => 'loaded',
        (error: unknown) => (error as Error).name,
      );
      const other = await globalThis.earshot.Transcriber.load('earshot-ctc');
      other.dispose();
      return {name, wasCompiled: phases.includes('compile')};
    }, SYSTEM);
    expect(outcome).toEqual({name: 'AbortError', wasCompiled: false});
    expect(chromium.problems).toEqual([]);
  });
});

describe('a network that the site has imported', () => {
  it.each(['int8', 'float32'])(
    'in %s is opened where it lies, and gives the same text',
    async (precision) => {
      const imported = join(folder, precision);
      const args = ['--system', SYSTEM, '--precision', precision, '--out', imported];
      const {code, stderr} = await earshot('import', checkpoint, ...args);
      expect(code, stderr).toBe(0);
      const opened = await open(imported);
      const {text, numerics, ...outcome} = await transcribeIn(opened, 'site');
      expect(outcome).toEqual({phases: ['download', 'verify', 'compile'], verified: false});
      expect(numerics).toBe(precision === 'int8' ? 'int8-dynamic' : 'float32');
      expect(text).toBe(await commandText(imported, numerics));
      expect(opened.chromium.problems).toEqual([]);
    },
  );

  it('is missed with an error that says how to make it', async () => {
    const {chromium} = await open();
    const message = await chromium.page.evaluate(
      async (system) =>
        await globalThis.earshot.Transcriber.load(system).then(
          () => '',
          (error: unknown) => (error as Error).message,
        ),
      SYSTEM,
    );
    expect(message).toContain(`models/${SYSTEM}/manifest.json`);
    expect(message).toContain('"earshot import" makes of it');
  });
});
