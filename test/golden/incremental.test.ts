import {describe, expect, it} from 'vitest';
import {IncrementalModel} from '../../src/pipeline/incremental-model.ts';
import {KeywordClassifier} from '../../src/pipeline/keyword-classifier.ts';
import {loadIncremental} from '../../src/pipeline/load-incremental.ts';
import {spotRecording} from '../../src/pipeline/spot-recording.ts';
import {system} from '../../src/systems/micronet-large/system.ts';
import {seededRandom} from '../support/prng.ts';
import {loadInNode, networkBytes} from '../support/published-networks.ts';
import {readMono} from '../support/recordings.ts';
import {hasShared, sharedPath} from '../support/shared.ts';
import {concatenateWithSilence} from '../support/wav.ts';

const RATE_HZ = 16_000;
const HOP_SAMPLES = 1600;
const WORDS = ['yes', 'stop', 'left', 'go'];
const SPEAKER = '022cd682_nohash_0';

/** The words of one person with gaps and faint noise. */
function recording(): Float32Array {
  const random = seededRandom(17);
  const clips = WORDS.map((word) =>
    readMono(sharedPath(`audio/speech-commands-dev/${word}/${SPEAKER}.flac`)),
  );
  const {samples} = concatenateWithSilence(clips, 700, RATE_HZ);
  return samples.map((sample) => sample + random.between(-3e-4, 3e-4));
}

const reason = hasShared ? '' : ' (skipped: ../shared is absent)';
describe.skipIf(!hasShared)(`micronet-large, incrementally${reason}`, () => {
  it.each([
    ['integer', 'int8-exact'],
    ['onnx', 'float32'],
  ] as const)(
    'hears the same words at the same places as whole, in %s, %s',
    {timeout: 60_000},
    async (engine, numerics) => {
      const graph = system.buildGraph(networkBytes('micronet_large_int8'));
      const load = (part: typeof graph) => loadInNode(part, engine, numerics);
      const audio = {sampleRateHz: RATE_HZ, channels: [recording()]};
      const options = {clock: () => performance.now()};

      const alone = new KeywordClassifier(system, await load(graph));
      const whole = await spotRecording(alone, audio, options);
      const {model, info} = await loadIncremental(alone.model, {graph, system}, load);
      expect(info.isOn).toBe(true);
      expect(info.savedShare).toBeCloseTo(0.575, 3);
      expect(model).toBeInstanceOf(IncrementalModel);
      const incremental = await spotRecording(new KeywordClassifier(system, model), audio, options);
      model.dispose();

      expect(whole.hits.map(({keyword}) => keyword)).toEqual(WORDS);
      expect(incremental.hits.map(({keyword}) => keyword)).toEqual(WORDS);
      incremental.hits.forEach(({riseSample, score}, index) => {
        const other = whole.hits[index];
        expect(Math.abs(riseSample - (other?.riseSample ?? NaN))).toBeLessThanOrEqual(HOP_SAMPLES);
        expect(Math.abs(score - (other?.score ?? NaN))).toBeLessThan(0.2);
      });
      // not the same network: equal scores would show that nothing was taken over
      expect(incremental.hits.map(({score}) => score)).not.toEqual(whole.hits.map(({score}) => score));
      expect(incremental.stats.inferenceCount).toBe(whole.stats.inferenceCount);
    },
  );
});
