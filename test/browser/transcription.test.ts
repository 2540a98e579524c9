import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import {afterAll, afterEach, describe, expect, it} from 'vitest';
import {earshot} from '../support/earshot-command.ts';
import {recordPorts, takeRecording} from '../support/port-recorder.ts';
import {readMono} from '../support/recordings.ts';
import {residentKb} from '../support/renderer-memory.ts';
import {repositoryPath} from '../support/repository.ts';
import {hasShared, sharedPath} from '../support/shared.ts';
import {openSpotterPage, type SpotterPage} from '../support/spotter-page.ts';
import {loadTranscriber, transcribeFor} from '../support/transcriber-page.ts';
import {workerHeap} from '../support/worker-heap.ts';
import {concatenate, silence, writeWav} from '../support/wav.ts';
import {wavFile} from '../support/wav-forms.ts';

const RATE_HZ = 16_000;
const folder = mkdtempSync(join(tmpdir(), 'earshot-transcription-'));
let opened: SpotterPage | undefined;

afterEach(async () => {
  await opened?.close();
  opened = undefined;
});
afterAll(() => {
  rmSync(folder, {recursive: true});
});

const words = ['left', 'stop', 'go', 'yes'].map((word) =>
  readMono(repositoryPath(`test/fixtures/speech/${word}.wav`)),
);
/** Words without and with pauses, so that there is more than one utterance. */
const synthetic = concatenate([
  silence(700, RATE_HZ),
  ...words,
  silence(1200, RATE_HZ),
  ...words,
  silence(1500, RATE_HZ),
]);

async function openWith(samples: Float32Array): Promise<SpotterPage> {
  const microphoneWav = join(folder, 'microphone.wav');
  writeWav(microphoneWav, samples, RATE_HZ);
  opened = await openSpotterPage({microphoneWav, prepare: recordPorts});
  await loadTranscriber(opened.chromium);
  return opened;
}

const durationMs = (samples: Float32Array): number => (samples.length * 1000) / RATE_HZ;

/** What the command line hears in what the page's worker received, to the last bit. */
async function commandText(page: SpotterPage): Promise<string> {
  const {sampleRateHz, channels} = await takeRecording(page.chromium.page);
  const channelCount = channels.length;
  const interleaved = new Float32Array(channelCount * (channels[0]?.length ?? 0));
  channels.forEach((samples, channel) =>
    samples.forEach((sample, index) => (interleaved[index * channelCount + channel] = sample)),
  );
  const file = join(folder, 'received.wav');
  const form = {formatTag: 3, bitsPerSample: 32, sampleRateHz, channelCount};
  writeFileSync(file, wavFile(form, new Uint8Array(interleaved.buffer)));
  const {code, stdout, stderr} = await earshot('transcribe', file);
  expect(code, stderr).toBe(0);
  return stdout.trim();
}

async function expectSameText(
  samples: Float32Array,
  whileListening: (page: SpotterPage) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const page = await openWith(samples);
  const requestsBefore = page.server.requests.length;
  const [finals] = await Promise.all([
    transcribeFor(page.chromium, durationMs(samples) + 500),
    whileListening(page),
  ]);
  expect(finals.length).toBeGreaterThan(0);
  expect(finals.map(({text}) => text).join('\n')).toBe(await commandText(page));
  const stats = await page.chromium.page.evaluate(() => globalThis.transcriptStats.at(-1));
  expect(stats).toMatchObject({droppedSamples: 0, overrunSamples: 0});
  expect(page.server.requests.slice(requestsBefore), 'requests between ready and dispose').toEqual([]);
  expect(page.chromium.problems, 'errors and policy violations').toEqual([]);
}

describe('the microphone', () => {
  it('is written down as the command line writes what the worker received', async () => {
    await expectSameText(synthetic);
  });

  it('loses nothing while the page is blocked for two seconds', async () => {
    await expectSameText(synthetic, async ({chromium}) => {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await chromium.page.evaluate(() => {
        const end = performance.now() + 2000;
        while (performance.now() < end);
      });
    });
  });

  it.skipIf(!hasShared)('hears people alike (needs ../shared)', async () => {
    const read = ['1688-142285-0002', '1688-142285-0000'].map((name) =>
      readMono(sharedPath(`audio/librispeech-other-dev/${name}.flac`)),
    );
    const [first = silence(0, RATE_HZ), second = first] = read;
    await expectSameText(
      concatenate([
        silence(700, RATE_HZ),
        first,
        silence(1000, RATE_HZ),
        second.subarray(0, 6 * RATE_HZ),
        silence(1500, RATE_HZ),
      ]),
    );
  });
});

describe('a recording', () => {
  /** Puts a WAV file of that many minutes of the same speech at `globalThis.recording`, without sending it. */
  async function makeRecording({chromium}: SpotterPage, minutes: number): Promise<void> {
    const minute = concatenate(Array.from({length: 6}, () => synthetic.subarray(0, 10 * RATE_HZ)));
    const file = join(folder, 'minute.wav');
    writeWav(file, minute, RATE_HZ);
    const base64 = readFileSync(file).toString('base64');
    await chromium.page.evaluate(
      ({base64, minutes}) => {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        const header = bytes.slice(0, 44);
        const samples = new Blob([bytes.subarray(44)]);
        const view = new DataView(header.buffer);
        view.setUint32(4, 36 + samples.size * minutes, true);
        view.setUint32(40, samples.size * minutes, true);
        globalThis.recording = new Blob([header, ...Array.from({length: minutes}, () => samples)]);
      },
      {base64, minutes},
    );
  }

  it('of half an hour is heard whole in bounded memory, with progress', async () => {
    const page = await openWith(synthetic);
    await makeRecording(page, 30);
    const {chromium} = page;
    const done = chromium.page.evaluate(async () => {
      const utterances = await globalThis.transcriber.transcribe(globalThis.recording);
      return utterances.length;
    });
    const sizes: number[] = [];
    await until(chromium.page, 1 / 30);
    const afterMinute = await residentKb(chromium);
    for (const share of [0.25, 0.5, 0.75, 0.97]) {
      await until(chromium.page, share);
      sizes.push((await residentKb(chromium)) - afterMinute);
    }
    // decoded, the rest would be 111 MB in float32
    expect(Math.max(...sizes), `kB more than after the first minute: ${sizes.join(', ')}`).toBeLessThan(
      30_000,
    );
    expect(await done).toBeGreaterThan(30);
    const progress = await chromium.page.evaluate(() => globalThis.transcriptProgress);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
  }, 300_000);

  it('that is cancelled in the middle ends at once, and the worker is free for the next', async () => {
    const page = await openWith(synthetic);
    await makeRecording(page, 30);
    const {chromium} = page;
    const told = await cancelAt(chromium, 0.05);
    expect(told).toMatchObject({isReason: true, state: 'ready'});
    expect(told.ms).toBeLessThan(1000);
    const before = await residentKb(chromium);
    await makeRecording(page, 1);
    expect(await countUtterances(chromium)).toBeGreaterThan(0);
    expect((await residentKb(chromium)) - before).toBeLessThan(30_000);
  }, 120_000);

  it('that is cancelled leaves nothing on the heap of the worker', async () => {
    const page = await openWith(synthetic);
    const {chromium} = page;
    await makeRecording(page, 1);
    await countUtterances(chromium); // all code has run once
    const before = await workerHeap(chromium);
    await makeRecording(page, 30);
    expect(await cancelAt(chromium, 0.2)).toMatchObject({isReason: true});
    // the page is told at once, the worker ends the window under way first; what was read until then would be 23 MB
    const growth = async (): Promise<number> => {
      const now = await workerHeap(chromium);
      const inObjects = now.usedSize - before.usedSize;
      const inBuffers = now.backingStorageSize - before.backingStorageSize;
      return Math.max(inObjects, inBuffers);
    };
    await expect.poll(growth, {message: 'bytes more', timeout: 10_000}).toBeLessThan(1_000_000);
  }, 120_000);

  it.each(['mp3', 'ogg', 'webm', 'm4a'])(
    'that only the browser decodes is heard whole: %s',
    async (format) => {
      const page = await openWith(synthetic);
      const {text, progress} = await transcribeFile(
        page,
        readFileSync(repositoryPath(`test/fixtures/speech/words.${format}`)),
      );
      expect(text).not.toBe('');
      expect(progress).toBe(1);
    },
  );

  it.each(['long.mp3', 'long.ogg', 'no-duration.webm', 'long.m4a'])(
    'of two hours that only the browser decodes is refused before that decodes it: %s',
    async (name) => {
      const page = await openWith(synthetic);
      await page.chromium.page.evaluate(() => {
        OfflineAudioContext.prototype.decodeAudioData = () => Promise.reject(new Error('was decoded'));
      });
      const bytes = gunzipSync(readFileSync(repositoryPath(`test/fixtures/long/${name}.gz`)));
      const refusal = await transcribeFile(page, bytes).catch((error: unknown) => String(error));
      expect(refusal).toContain('audio-format: got a file that lasts longer than 30 minutes');
    },
  );

  it.each([
    ['a file of another format', Buffer.from('not audio at all'), 'expected a WAV or FLAC file'],
    ['a damaged MP3', Buffer.concat([Buffer.from('ID3'), Buffer.alloc(500)]), 'cannot decode'],
    ['an empty file', Buffer.alloc(0), 'an empty file'],
  ])('that cannot be read is refused with a code: %s', async (_what, bytes, words) => {
    const page = await openWith(synthetic);
    const refusal = await transcribeFile(page, bytes).catch((error: unknown) => String(error));
    expect(refusal).toContain('audio-format');
    expect(refusal).toContain(words);
    const state = await page.chromium.page.evaluate(() => globalThis.transcriber.state.name);
    expect(state).toBe('ready');
  });

  /** Begins to read `globalThis.recording` and gives up at that share of it. */
  async function cancelAt(
    {page}: SpotterPage['chromium'],
    share: number,
  ): Promise<{readonly isReason: boolean; readonly ms: number; readonly state: string}> {
    return await page.evaluate(async (least) => {
      const controller = new AbortController();
      globalThis.transcriptProgress.length = 0;
      const reading = globalThis.transcriber.transcribe(globalThis.recording, {signal: controller.signal});
      while ((globalThis.transcriptProgress.at(-1) ?? 0) < least) await new Promise((r) => setTimeout(r, 20));
      const reason = new Error('enough');
      const startMs = performance.now();
      controller.abort(reason);
      const error: unknown = await reading.catch((cause: unknown) => cause);
      return {
        isReason: error === reason,
        ms: performance.now() - startMs,
        state: globalThis.transcriber.state.name,
      };
    }, share);
  }

  async function countUtterances({page}: SpotterPage['chromium']): Promise<number> {
    return await page.evaluate(
      async () => (await globalThis.transcriber.transcribe(globalThis.recording)).length,
    );
  }

  async function transcribeFile(
    {chromium}: SpotterPage,
    bytes: Uint8Array,
  ): Promise<{readonly text: string; readonly progress: number | undefined}> {
    const base64 = Buffer.from(bytes).toString('base64');
    return await chromium.page.evaluate(async (content) => {
      const file = new Blob([Uint8Array.from(atob(content), (character) => character.charCodeAt(0))]);
      const utterances = await globalThis.transcriber.transcribe(file).catch((error: unknown) => {
        throw new Error(`${(error as {code?: string}).code ?? 'no code'}: ${(error as Error).message}`);
      });
      return {
        text: utterances.map(({text}) => text).join(' '),
        progress: globalThis.transcriptProgress.at(-1),
      };
    }, base64);
  }

  async function until(page: SpotterPage['chromium']['page'], share: number): Promise<void> {
    await page.waitForFunction((least) => (globalThis.transcriptProgress.at(-1) ?? 0) >= least, share, {
      timeout: 240_000,
      polling: 100,
    });
  }
});

declare global {
  var recording: Blob;
}
