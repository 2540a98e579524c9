import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, test} from 'vitest';
import {card} from '../../src/systems/earshot-ctc/card.ts';
import {findAccessibilityProblems} from '../support/axe.ts';
import {readMono} from '../support/recordings.ts';
import {repositoryPath} from '../support/repository.ts';
import {spokenWords, startTranscriptionPage, type TranscriptionPage} from '../support/transcription-view.ts';
import {concatenateWithSilence, encodeWav, writeWav} from '../support/wav.ts';

const folder = mkdtempSync(join(tmpdir(), 'earshot-transcription-'));
let demo: TranscriptionPage;
let page: TranscriptionPage['page'];
let recording: Uint8Array; // some words, with pauses between them

beforeAll(async () => {
  const samples = spokenWords();
  recording = encodeWav(samples, 16_000);
  const microphoneWav = join(folder, 'words.wav');
  writeWav(microphoneWav, samples, 16_000);
  demo = await startTranscriptionPage({microphoneWav, loop: true});
  page = demo.page;
});
beforeEach(async () => {
  await page.emulateMedia({colorScheme: 'light', reducedMotion: 'no-preference'});
  await page.setViewportSize({width: 1280, height: 800});
});
afterAll(async () => {
  expect(demo.chromium.problems).toEqual([]);
  await demo.close();
  rmSync(folder, {recursive: true});
});

const text = (selector: string): Promise<string> => page.locator(selector).innerText();
const isShown = (selector: string): Promise<boolean> => page.locator(selector).isVisible();
const stateName = (): Promise<string> => demo.stateName();
const button = '#transcript [part="button"]';

async function listen(): Promise<void> {
  await page.locator(button).click();
  await expect.poll(stateName, {timeout: 30_000}).toBe('listening');
}

/** What the newest message of a kind to a worker carried. */
async function sent(kind: string): Promise<unknown> {
  return page.evaluate(
    (wanted) =>
      JSON.parse(
        JSON.stringify(globalThis.sentToWorkers.findLast((message) => message.kind === wanted)),
      ) as unknown,
    kind,
  );
}

describe('the two views', () => {
  test('have a link, a title and a place in the history each', async () => {
    await demo.open();
    const seen = async (): Promise<readonly unknown[]> => [
      await page.title(),
      await page.locator('nav [aria-current="page"]').allInnerTexts(),
      await isShown('#listener'),
      await isShown('#transcript'),
    ];
    const keywords = ['Keywords · Earshot', ['Keywords'], true, false];
    const transcription = ['Transcription · Earshot', ['Transcription'], false, true];
    expect(await seen()).toEqual(keywords);
    await page.locator('nav a', {hasText: 'Transcription'}).click();
    await expect.poll(seen).toEqual(transcription);
    expect(new URL(page.url()).hash).toBe('#transcription');
    await page.goBack();
    await expect.poll(seen).toEqual(keywords);
    await page.goForward();
    await expect.poll(seen).toEqual(transcription);
  });

  test('open by their address, by that of their instructions too', async () => {
    await demo.openView();
    expect(await isShown('#view-keywords')).toBe(false);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await demo.openView('#embed-transcription');
    expect(await page.locator('#embed-link').getAttribute('href')).toBe('#embed-transcription');
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(0);
  });

  test('the keywords ask for nothing of the transcription, which comes when it is first shown', async () => {
    const ofTranscription = (): readonly string[] =>
      demo.server.requests.filter((path) =>
        /transcription-view|transcription-service|earshot-(ctc|lm|lexicon)/.test(path),
      );
    const before = ofTranscription().length;
    await demo.open();
    await page.locator('kws-listener button').click();
    await expect
      .poll(() => page.evaluate(() => globalThis.listener.state.name), {timeout: 30_000})
      .toBe('listening');
    expect(ofTranscription().slice(before)).toEqual([]);
    await page.locator('nav a', {hasText: 'Transcription'}).click();
    await page.locator('#transcription-body').waitFor();
    expect(ofTranscription().slice(before)).toEqual([expect.stringContaining('transcription-view')]);
    await listen();
    const models = ofTranscription().slice(before).join();
    expect(models).toMatch(/transcription-service/);
    expect(models).toMatch(/earshot-ctc\.safetensors/);
    expect(models).toMatch(/earshot-lm\.bin/);
    expect(models).toMatch(/earshot-lexicon\.txt/);
  });

  test('never listen both at once', async () => {
    const spotting = (): Promise<string> => page.evaluate(() => globalThis.listener.state.name);
    await demo.open();
    await page.locator('kws-listener button').click();
    await expect.poll(spotting, {timeout: 30_000}).toBe('listening');
    await page.locator('nav a', {hasText: 'Transcription'}).click();
    await expect.poll(spotting).toBe('ready');
    await page.locator('#transcription-body').waitFor();
    await listen();
    await page.goBack();
    await expect.poll(stateName).toBe('ready');
  });
});

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  test.each([320, 1280])('axe-core finds nothing at a width of %i, idle and with text', async (width) => {
    await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
    await page.setViewportSize({width, height: 740});
    await demo.openView();
    await page.locator('#running-details summary').click();
    expect(await findAccessibilityProblems(page)).toEqual([]);
    await demo.drop('words.wav', recording);
    await expect.poll(() => text('#recording-status'), {timeout: 30_000}).toMatch(/utterance/);
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });
});

test.each([320, 360, 768, 1280])('nothing reaches beyond the edge at a width of %i', async (width) => {
  await page.setViewportSize({width, height: 740});
  await demo.openView();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
});

describe('a recording', () => {
  const readingShown = (): Promise<boolean> =>
    page.evaluate(
      () =>
        new Promise((resolve) => {
          addEventListener('transcript-progress', ({phase}) => {
            if (phase === 'transcribe') resolve(!document.querySelector<HTMLElement>('#reading')!.hidden);
          });
        }),
    );

  test('that is dropped is written down, and how far it has been read is told', async () => {
    await demo.openView();
    const reading = readingShown();
    await demo.drop('words.wav', recording);
    expect(await reading).toBe(true);
    await expect
      .poll(() => text('#recording-status'), {timeout: 30_000})
      .toMatch(/^words\.wav: \d+ utterances? in/);
    const events = await page.evaluate(() => globalThis.transcriptEvents);
    expect(events.filter(({type}) => type === 'transcript-final').length).toBeGreaterThan(0);
    expect(events.filter(({phase}) => phase === 'transcribe').length).toBeGreaterThan(0);
    expect(await isShown('#reading')).toBe(false);
    expect(await page.locator('#transcript [part="utterance"]').count()).toBeGreaterThan(0);
  });

  test('may be dropped while the keywords show, or chosen; and one that is none is said to be', async () => {
    await demo.open();
    await demo.drop('words.wav', recording);
    await expect.poll(() => text('#recording-status'), {timeout: 30_000}).toMatch(/utterance/);
    expect(new URL(page.url()).hash).toBe('#transcription');
    const garbage = {name: 'garbage.wav', mimeType: 'audio/wav', buffer: Buffer.alloc(100, 7)};
    await page.locator('#recording').setInputFiles(garbage);
    await expect.poll(() => text('#recording-status')).toBe('garbage.wav could not be read.');
    expect(await isShown('#transcript [part="error"]')).toBe(true);
  });

  const longRecording = (): Uint8Array => {
    const word = readMono(repositoryPath('test/fixtures/words/stop.wav'));
    return encodeWav(
      concatenateWithSilence(Array<Float32Array>(60).fill(word), 1200, 16_000).samples,
      16_000,
    );
  };

  test('takes the place of one that is being read', async () => {
    await demo.openView();
    const reading = readingShown();
    await demo.drop('long.wav', longRecording());
    await reading;
    await demo.drop('words.wav', recording);
    await expect.poll(() => text('#recording-status'), {timeout: 30_000}).toMatch(/^words\.wav: \d+ utter/);
  });

  test('is not read on once it is cancelled', async () => {
    await demo.openView();
    await page.evaluate(() => {
      addEventListener('transcript-progress', ({phase}) => {
        if (phase !== 'transcribe') return;
        document.querySelector('#transcript')!.shadowRoot!.querySelector('button')!.click();
      });
    });
    await demo.drop('long.wav', longRecording());
    await expect
      .poll(() => text('#recording-status'), {timeout: 30_000})
      .toBe('long.wav was not read to its end.');
  });
});

describe('the settings', () => {
  test('reach the session: hot words, beam width, language model and its weight', async () => {
    await demo.openView();
    await page.locator('#hot-words').fill('Earshot wave');
    await page.locator('#beam-width').selectOption('4');
    await page.locator('#language-model-weight').fill('1.25');
    await page.locator('#language-model-weight').dispatchEvent('change');
    expect(await text('#language-model-weight-value')).toBe('1.25');
    await page.locator('#hot-words').press('Enter'); // and the page stays
    await demo.drop('words.wav', recording);
    await expect.poll(() => text('#recording-status'), {timeout: 30_000}).toMatch(/utterance/);
    expect(await sent('transcribe-file')).toMatchObject({
      payload: {transcription: {hotWords: ['Earshot', 'wave'], beamWidth: 4, languageModelWeight: 1.25}},
    });
    expect(await sent('load-transcriber')).toMatchObject({payload: {languageModel: 'built-in'}});
    await page.locator('#language-model').selectOption('none');
    await page.locator('#running-details summary').click();
    await demo.drop('words.wav', recording);
    await expect.poll(() => text('#transcriber-running'), {timeout: 30_000}).toMatch(/Language model\s+none/);
  });

  test('say of each model how well it hears, and of what runs all there is to say', async () => {
    await demo.openView();
    const shown = await text('#transcribers');
    expect(shown).toContain(card.publishedFigure);
    expect(shown).toContain(card.limitations);
    expect(await text('#transcriber-note')).toContain(card.limitations);
    expect(await page.locator('#transcribers [aria-current]').innerText()).toContain(card.title);
    expect(shown).toContain('LER 0.0798');
    await page.locator('#running-details summary').click();
    await listen();
    await expect
      .poll(() => text('#transcriber-running'), {timeout: 30_000})
      .toMatch(
        /the file built into Earshot[\s\S]*TensorFlow\.js[\s\S]*float32[\s\S]*Language model\s+50,000 words/,
      );
    await expect.poll(() => text('#transcriber-speed')).toMatch(/Real-time factor\s+\d\.\d{3}/);
    await expect
      .poll(() => text('#transcriber-speed'), {timeout: 30_000})
      .toMatch(/Latency of the newest text\s+\d+\.\d s/);
  });

  test('take files by what they are, whichever view shows', async () => {
    await demo.open();
    await demo.drop(
      'some.safetensors',
      readFileSync(repositoryPath(`public/models/${card.weights.builtInPath!}`)),
    );
    await expect
      .poll(() => text('#transcriber-file-status'))
      .toBe('some.safetensors is the file built into Earshot.');
    expect(await page.title()).toBe('Transcription · Earshot');
    await demo.drop('words.bin', new Uint8Array(10));
    expect(await page.locator('#language-model option:checked').innerText()).toBe('words.bin');
    const keywords = 'public/models/earshot-kws/earshot-kws.safetensors';
    await demo.drop('other.safetensors', readFileSync(repositoryPath(keywords)));
    await expect.poll(() => text('#file-status')).toBe('other.safetensors is the file built into Earshot.');
    expect(await page.title()).toBe('Keywords · Earshot');
  });
});

test('weights that no card lists run only when asked for, and are marked', async () => {
  await demo.openView();
  await demo.drop('strange.tflite', new Uint8Array(100));
  await expect.poll(() => text('#transcriber-file-status')).toBe('strange.tflite is not known.');
  expect(await text('#transcriber-unknown-system')).toContain('Wav2Letter Pruned INT8 (Arm)');
  await page.locator('#transcriber-run-unverified').check();
  expect(await text('#transcriber-model-name')).toBe('Wav2Letter Pruned INT8 (Arm) · UNVERIFIED');
  expect(await text('#transcribers [aria-current]')).toContain('Wav2Letter');
  await page.locator('#transcriber-built-in').click();
  expect(await text('#transcriber-model-name')).toBe(card.title);
});
