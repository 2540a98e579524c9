import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, describe, expect, it} from 'vitest';
import {loudestStretch} from '../support/loudest-stretch.ts';
import {readMono} from '../support/recordings.ts';
import {repositoryPath} from '../support/repository.ts';
import {hasShared, sharedPath} from '../support/shared.ts';
import {
  heardSoFar,
  listenFor,
  loadSpotter,
  openSpotterPage,
  type SpotterChoice,
  type SpotterPage,
} from '../support/spotter-page.ts';
import {concatenate, concatenateWithSilence, silence, writeWav} from '../support/wav.ts';

const RATE_HZ = 16000;
const GAP_MS = 700;
const TOLERANCE_MS = 150;
const folder = mkdtempSync(join(tmpdir(), 'earshot-spotting-'));
let opened: SpotterPage | undefined;

afterEach(async () => {
  await opened?.close();
  opened = undefined;
});
afterAll(() => {
  rmSync(folder, {recursive: true});
});

/** Opens a page whose microphone plays these samples once, and loads a network into it. */
async function openWith(samples: Float32Array, choice: SpotterChoice = {}): Promise<SpotterPage> {
  const microphoneWav = join(folder, `microphone.wav`);
  writeWav(microphoneWav, samples, RATE_HZ);
  opened = await openSpotterPage({microphoneWav});
  await loadSpotter(opened.chromium, choice);
  return opened;
}

const durationMs = (samples: Float32Array): number => (samples.length * 1000) / RATE_HZ;

/** Holds that the clips' words are heard once each, in order, at their places relative to the first, and no others. */
async function expectWords(
  clips: ReadonlyMap<string, Float32Array>,
  choice: SpotterChoice,
  whileListening: (page: SpotterPage) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  const {samples, clipStarts} = concatenateWithSilence([...clips.values()], GAP_MS, RATE_HZ);
  const page = await openWith(samples, choice);
  const requestsBefore = page.server.requests.length;
  await Promise.all([listenFor(page.chromium, durationMs(samples) + 500), whileListening(page)]);
  const heard = await heardSoFar(page.chromium);
  expect(heard.map(({keyword}) => keyword)).toEqual([...clips.keys()]);
  const places = [...clips.values()].map((clip, index) => {
    const {startMs, endMs} = loudestStretch(clip);
    return ((clipStarts[index] ?? NaN) * 1000) / RATE_HZ + (startMs + endMs) / 2;
  });
  const middles = heard.map(({startTime, endTime}) => (startTime + endTime) / 2);
  middles.forEach((middle, index) => {
    const offset = middle - (middles[0] ?? NaN) - ((places[index] ?? NaN) - (places[0] ?? NaN));
    expect(Math.abs(offset), `ms between "${heard[index]?.keyword ?? ''}" and its place`).toBeLessThan(
      TOLERANCE_MS,
    );
  });
  expect(page.server.requests.slice(requestsBefore), 'requests between ready and dispose').toEqual([]);
  expect(page.chromium.problems, 'errors and policy violations').toEqual([]);
}

function syntheticClips(words: readonly string[]): ReadonlyMap<string, Float32Array> {
  return new Map(words.map((word) => [word, readMono(repositoryPath(`test/fixtures/speech/${word}.wav`))]));
}

function recordedClips(words: readonly string[], speaker: string): ReadonlyMap<string, Float32Array> {
  return new Map(
    words.map((word) => [word, readMono(sharedPath(`audio/speech-commands-dev/${word}/${speaker}.flac`))]),
  );
}

describe('a synthetic voice', () => {
  const choice = {threshold: 0.5}; // it is not what the network was trained for

  it('is heard word by word by the built-in network', async () => {
    await expectWords(syntheticClips(['left', 'no', 'on', 'go']), choice);
  });

  it('is heard whole though the page is blocked for two seconds', async () => {
    await expectWords(syntheticClips(['left', 'no', 'on', 'go']), choice, async ({chromium}) => {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await chromium.page.evaluate(() => {
        const end = performance.now() + 2000;
        while (performance.now() < end);
      });
    });
    const last = await opened?.chromium.page.evaluate(() => globalThis.stats.at(-1));
    expect(last).toMatchObject({droppedSamples: 0, overrunSamples: 0});
  });
});

describe.skipIf(!hasShared)('people (needs ../shared)', () => {
  const words = ['yes', 'stop', 'left', 'go'];

  it.each([
    ['micronet-large', 'micronet_large_int8.tflite'],
    ['ds-cnn-clustered', 'ds_cnn_clustered_int8_rebuilt.tflite'],
  ])('are heard word by word by %s, from its published weights', async (systemId, file) => {
    const weights = readFileSync(sharedPath(`models/${file}`));
    await expectWords(recordedClips(words, '022cd682_nohash_0'), {systemId, weights});
    const wasm = opened?.server.requests.filter((path) => path.endsWith('.wasm'));
    expect(wasm).toEqual([expect.stringContaining('integer-kernels')]); // no onnxruntime
  });

  it('are heard word by word by the built-in network', async () => {
    await expectWords(recordedClips(words, '022cd682_nohash_0'), {});
  });

  it('reading aloud for a minute, and a minute of noise, raise at most one false detection together', async () => {
    const samples = concatenate([silence(500, RATE_HZ), readSpeech(60), noise(60), silence(1500, RATE_HZ)]);
    const {chromium} = await openWith(samples);
    await listenFor(chromium, durationMs(samples));
    const heard = await heardSoFar(chromium);
    const told = heard.map(
      ({keyword, score, startTime}) => `${keyword} ${score.toFixed(2)} at ${startTime.toFixed(0)}`,
    );
    expect(told.length, told.join(', ')).toBeLessThanOrEqual(1);
    const {stats} = await chromium.page.evaluate(() => ({stats: globalThis.stats.at(-1)}));
    expect(stats).toMatchObject({droppedSamples: 0, overrunSamples: 0});
  }, 240_000);
});

const KEYWORDS = new Set(['YES', 'NO', 'UP', 'DOWN', 'LEFT', 'RIGHT', 'ON', 'OFF', 'STOP', 'GO']);

/** So many seconds of utterances that hold no keyword, by all speakers in turn. */
function readSpeech(seconds: number): Float32Array {
  const index = readFileSync(sharedPath('audio/librispeech-other-dev/index.jsonl'), 'utf8');
  const utterances = index
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as {readonly file: string; readonly text: string})
    .filter(({text}) => !text.split(' ').some((word) => KEYWORDS.has(word)));
  const files = utterances.map(({file}) => sharedPath(`audio/librispeech-other-dev/${file}`));
  // every third: the index lists one speaker after the other
  const mixed = [0, 1, 2].flatMap((offset) => files.filter((_, position) => position % 3 === offset));
  return concatenate(mixed.map(readMono)).subarray(0, seconds * RATE_HZ);
}

/** So many seconds of background noise: the one-second clips labelled as silence. */
function noise(seconds: number): Float32Array {
  const clips = readdirSync(sharedPath('audio/speech-commands-dev/_silence_')).slice(0, seconds);
  return concatenate(
    clips.map((clip) => readMono(sharedPath(`audio/speech-commands-dev/_silence_/${clip}`))),
  );
}
