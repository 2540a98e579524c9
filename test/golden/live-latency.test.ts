import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {nodeEngineAssets} from '../../src/cli/node-engine-assets.ts';
import {loadTranscriptionSystem} from '../../src/cli/load-system.ts';
import {loadModel} from '../../src/engine/engines.ts';
import type {LoadedTranscriber} from '../../src/pipeline/load-transcriber.ts';
import {card} from '../../src/systems/earshot-ctc/card.ts';
import {earshotCtcWith} from '../../src/systems/earshot-ctc/system.ts';
import {
  measureLatencies,
  prepareRecording,
  textsOfClips,
  type Latencies,
} from '../../bench/transcription/read-aloud.ts';
import type {ReadClip} from '../../bench/transcription/read-clips.ts';
import {median} from '../../bench/statistics.ts';
import {readBuiltInWeights} from '../support/built-in-network.ts';
import {readMono} from '../support/recordings.ts';
import {repositoryPath} from '../support/repository.ts';
import {hasShared, sharedPath} from '../support/shared.ts';

// in time of the sound, as if computing took none: so it depends on no machine. bench/live-latency.ts times the browser

const LAYOUT = {pauseMs: 1500, roomDb: -65};
const MOST_WORD_MS = 700;
const MOST_FINAL_MS = 1000;
let transcriber: LoadedTranscriber;

beforeAll(async () => {
  ({transcriber} = await loadTranscriptionSystem('earshot-ctc', {'allow-unverified': false}));
});
afterAll(() => {
  transcriber.model.dispose();
});

const wordClips = ['left', 'stop', 'yes', 'right', 'off'].map((text): ReadClip => ({
  text,
  samples: readMono(repositoryPath(`test/fixtures/speech/${text}.wav`)),
}));

async function measure(clips: readonly ReadClip[], of = transcriber): Promise<Latencies> {
  const recording = await prepareRecording(of, clips, LAYOUT);
  return measureLatencies(recording, textsOfClips(recording, recording.texts, LAYOUT));
}

describe('text of a microphone', () => {
  it('has each word of a synthetic voice 700 ms after it at most, and the final a second after speech', async () => {
    const {words, finals} = await measure(wordClips);
    expect(words.map(({text}) => text)).toEqual(wordClips.map(({text}) => text));
    expect(Math.max(...words.map(({forGoodMs}) => forGoodMs))).toBeLessThan(MOST_WORD_MS);
    expect(finals).toHaveLength(wordClips.length);
    expect(Math.max(...finals)).toBeLessThan(MOST_FINAL_MS);
  });

  it('is late where the network waits for longer chunks: what is measured can be missed', async () => {
    const system = earshotCtcWith(16);
    const graph = system.buildGraph(readBuiltInWeights(card), card.phones ?? card);
    const model = await loadModel(graph, 'tfjs', {numerics: 'float32', assets: nodeEngineAssets()});
    const {words} = await measure(wordClips, {...transcriber, system, model});
    model.dispose();
    expect(Math.max(...words.map(({firstMs}) => firstMs))).toBeGreaterThan(MOST_WORD_MS);
  });

  it.skipIf(!hasShared)(
    'has words and finals of people as soon (skipped where ../shared is absent)',
    async () => {
      const clips = [
        [
          '1688-142285-0001',
          'margaret said mister hale as he returned from showing his guest downstairs i could not help watching your face with some anxiety when mister thornton made his confession of having been a shop boy',
        ],
        ['1688-142285-0002', "you don't mean that you thought me so silly"],
      ].map(([name, text = '']): ReadClip => ({
        text,
        samples: readMono(sharedPath(`audio/librispeech-other-dev/${name}.flac`)),
      }));
      const {words, finals} = await measure(clips);
      expect(words.length).toBeGreaterThan(20);
      expect(median(words.map(({firstMs}) => firstMs))).toBeLessThan(MOST_WORD_MS);
      expect(Math.max(...finals)).toBeLessThan(MOST_FINAL_MS);
    },
  );
});
