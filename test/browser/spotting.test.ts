import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach, describe, expect, it} from 'vitest';
import {readMono} from '../support/recordings.ts';
import {hasShared, sharedPath} from '../support/shared.ts';
import {
  heardSoFar,
  listenFor,
  loadSpotter,
  openSpotterPage,
  type SpotterPage,
} from '../support/spotter-page.ts';
import {concatenateWithSilence, writeWav} from '../support/wav.ts';

const GAP_MS = 700;
const folder = mkdtempSync(join(tmpdir(), 'earshot-spotting-'));
let opened: SpotterPage | undefined;

afterEach(async () => {
  await opened?.close();
  opened = undefined;
});
afterAll(() => {
  rmSync(folder, {recursive: true});
});

describe.skipIf(!hasShared)('people saying keywords (needs ../shared)', () => {
  const keywords = ['yes', 'stop', 'left', 'go'];

  it('are heard once each, in order, by micronet-large; listening asks for nothing', async () => {
    const clips = keywords.map((keyword) =>
      readMono(sharedPath(`audio/speech-commands-dev/${keyword}/022cd682_nohash_0.flac`)),
    );
    const {samples} = concatenateWithSilence(clips, GAP_MS, 16000);
    const microphoneWav = join(folder, 'words.wav');
    writeWav(microphoneWav, samples, 16000);
    opened = await openSpotterPage({microphoneWav});
    const {chromium, server} = opened;
    const weights = readFileSync(sharedPath('models/micronet_large_int8.tflite'));
    await loadSpotter(chromium, {systemId: 'micronet-large', weights});
    const requestsBefore = server.requests.length;
    await listenFor(chromium, samples.length / 16 + 1000);
    const heard = await heardSoFar(chromium);
    expect(heard.map(({keyword}) => keyword)).toEqual(keywords);
    expect(server.requests.slice(requestsBefore)).toEqual([]);
    expect(chromium.problems).toEqual([]);
  });
});
