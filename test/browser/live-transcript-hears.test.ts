import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, expect, test} from 'vitest';
import {readMono} from '../support/recordings.ts';
import {repositoryPath} from '../support/repository.ts';
import {startTranscriptPage, type TranscriptPage} from '../support/transcript-page.ts';
import {concatenateWithSilence, writeWav} from '../support/wav.ts';

const word = repositoryPath('test/fixtures/words/stop.wav');
const folder = mkdtempSync(join(tmpdir(), 'earshot-transcript-'));
let site: TranscriptPage;

afterEach(async () => {
  await site.close();
});
afterAll(() => {
  rmSync(folder, {recursive: true});
});

/** Has the element read a file of these bytes; what it cannot read is the code of its error. */
const transcribe = (bytes: Buffer): Promise<string | undefined> =>
  site.page.evaluate(async (base64) => {
    const own = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    try {
      await globalThis.transcript.transcribe(new Blob([own]));
      return undefined;
    } catch (error) {
      return (error as {code?: string}).code;
    } finally {
      await globalThis.transcript.updateComplete;
    }
  }, bytes.toString('base64'));
const utterances = () => site.page.evaluate(() => globalThis.transcript.utterances);

// what is written down is the network's to get right: here it is that something is, where it belongs
test('one tag is enough: it writes down files one after the other, and asks for nothing once it is loaded', async () => {
  site = await startTranscriptPage();
  const {page, chromium, server} = site;
  await site.open();
  expect(await transcribe(readFileSync(word))).toBeUndefined();
  const requestCount = server.requests.length;
  expect(await transcribe(readFileSync(word))).toBeUndefined();
  const [first, second] = await utterances();
  expect(first?.text).toMatch(/[a-z]/);
  expect(second?.text).toBe(first?.text);
  expect(second?.startTime).toBeGreaterThanOrEqual(first?.endTime ?? Infinity);
  expect(await site.part('utterance').allInnerTexts()).toEqual([first?.text, second?.text]);
  expect(await page.locator('live-transcript [role="log"] p').allTextContents()).toContain(first?.text);
  expect(server.requests.slice(requestCount)).toEqual([]);
  expect(chromium.problems).toEqual([]);
  await page.evaluate(() => {
    globalThis.transcript.remove();
  });
  await expect.poll(() => page.workers().length).toBe(0);
});

test('a file that is no recording is told in words, and the next one is read', async () => {
  site = await startTranscriptPage();
  await site.open();
  expect(await transcribe(Buffer.from('no sound at all'))).toBe('audio-format');
  expect(await site.part('error').innerText()).toContain('The recording cannot be read.');
  expect(await transcribe(readFileSync(word))).toBeUndefined();
  expect(await site.part('error').count()).toBe(0);
});

test('writes down what the microphone hears, until the button is pressed', async () => {
  const microphoneWav = join(folder, 'words.wav');
  const clip = readMono(word);
  writeWav(microphoneWav, concatenateWithSilence([clip, clip], 1500, 16_000).samples, 16_000);
  site = await startTranscriptPage({microphoneWav});
  await site.open();
  await site.button().click();
  await expect.poll(() => site.part('status').innerText(), {timeout: 30_000}).toBe('Listening');
  await expect.poll(async () => (await utterances()).length, {timeout: 20_000}).toBeGreaterThan(0);
  await site.button().click();
  await expect.poll(() => site.part('status').innerText()).toBe('Microphone off');
  expect(site.chromium.problems).toEqual([]);
});
