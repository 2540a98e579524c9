import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, describe, expect, it} from 'vitest';
import {securityHeaders} from '../../scripts/content-security-policy.mjs';
import {readMono} from '../support/recordings.ts';
import {readRepositoryFile, repositoryPath} from '../support/repository.ts';
import {heardSoFar, loadSpotter, openSpotterPage, type SpotterPage} from '../support/spotter-page.ts';
import {concatenateWithSilence, writeWav} from '../support/wav.ts';
import {WEBGPU_ARGS, whyNoWebgpu} from '../support/webgpu.ts';

const RATE_HZ = 16_000;
const WORDS = ['left', 'no', 'on', 'go'];
const folder = mkdtempSync(join(tmpdir(), 'earshot-webgpu-'));
let page: SpotterPage;

afterEach(() => page.close());
afterAll(() => {
  rmSync(folder, {recursive: true});
});

declare global {
  // what the worker under test keeps of its GPU, for the test to take away
  var devices: GPUDevice[];
}

/** Put before the worker's script: remembers every device that it gets. */
const rememberDevices = `
globalThis.devices = [];
if (globalThis.GPUAdapter) {
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...options) {
    const device = await request.apply(this, options);
    devices.push(device);
    return device;
  };
}
`;

/** A page whose microphone says the words once, and whose worker gives its devices away. */
async function openPage(): Promise<{readonly durationMs: number}> {
  const clips = WORDS.map((word) => readMono(repositoryPath(`test/fixtures/speech/${word}.wav`)));
  const {samples} = concatenateWithSilence(clips, 700, RATE_HZ);
  const microphoneWav = join(folder, 'microphone.wav');
  writeWav(microphoneWav, samples, RATE_HZ);
  page = await openSpotterPage({microphoneWav, extraArgs: WEBGPU_ARGS});
  await page.chromium.context.route('**/speech.worker.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      headers: securityHeaders,
      body: rememberDevices + readRepositoryFile('dist/package/speech.worker.js'),
    }),
  );
  return {durationMs: (samples.length * 1000) / RATE_HZ};
}

/**
 * Every word, in order. A busy processor that imitates a GPU is late, so hops get longer and fewer windows vote: one
 * stray word is not held against the engine.
 */
function expectInOrder(keywords: readonly string[]): void {
  let next = 0;
  for (const keyword of keywords) if (keyword === WORDS[next]) next++;
  expect(WORDS.slice(next), `not heard among ${keywords.join(', ')}`).toEqual([]);
  expect(keywords.length).toBeLessThanOrEqual(WORDS.length + 1);
}

describe.each([
  ['tfjs-webgpu', 'tfjs'],
  ['onnx-webgpu', 'onnx'],
] as const)('listening with %s', (engine, fallback) => {
  it('hears every word though the GPU is lost in their midst, and says what runs now', async ({skip}) => {
    const {durationMs} = await openPage();
    const {chromium, server} = page;
    const reason = await whyNoWebgpu(chromium);
    if (reason !== undefined) skip(reason);
    await loadSpotter(chromium, {engine, threshold: 0.5}); // a synthetic voice is not what the network was trained for
    expect(await chromium.page.evaluate(() => globalThis.spotter.info)).toMatchObject({engine});
    const requestsBefore = server.requests.length;
    await chromium.page.evaluate(() => globalThis.spotter.start());
    await expect.poll(() => heardSoFar(chromium), {timeout: 20_000}).toHaveLength(2);
    await chromium.page.workers()[0]?.evaluate(() => {
      for (const device of globalThis.devices) device.destroy();
    });
    await new Promise((resolve) => setTimeout(resolve, durationMs / 2 + 1000));
    await chromium.page.evaluate(() => globalThis.spotter.stop());
    const heard = await heardSoFar(chromium);
    expectInOrder(heard.map(({keyword}) => keyword));
    expect(heard.at(0)?.engine).toBe(`${engine} float32`);
    expect(heard.at(-1)?.engine).toBe(`${fallback} float32`);
    const {info, stats} = await chromium.page.evaluate(() => ({
      info: globalThis.spotter.info,
      stats: globalThis.stats.at(-1),
    }));
    expect(info).toMatchObject({engine: fallback});
    expect(info?.fallbackReason).toMatch(/^the GPU (failed|device was lost)/);
    expect(stats).toMatchObject({droppedSamples: 0, overrunSamples: 0});
    expect(server.requests.slice(requestsBefore), 'requests between ready and dispose').toEqual([]);
    expect(chromium.problems, 'errors and policy violations').toEqual([]);
  });
});

describe('a browser without WebGPU', () => {
  it.each(['tfjs-webgpu', 'onnx-webgpu'] as const)('is told so where a page asks for %s', async (engine) => {
    page = await openSpotterPage();
    const error = await page.chromium.page.evaluate(async (asked) => {
      try {
        await globalThis.earshot.KeywordSpotter.load('earshot-kws', {engine: asked});
        return undefined;
      } catch (thrown) {
        const {code, message} = thrown as InstanceType<typeof globalThis.earshot.SpeechError>;
        return {code, message};
      }
    }, engine);
    expect(error).toMatchObject({code: 'engine-unavailable'});
    expect(error?.message).toMatch(new RegExp(`^engine ${engine}: got no .*, expected a .*WebGPU`));
    expect(page.server.requests.filter((path) => /\.wasm|asyncify/.test(path))).toEqual([]);
    expect(page.chromium.problems).toEqual([]);
  });
});
