import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {applyLogSpectrum, createLogSpectrum} from '../../src/features/log-spectrum.ts';
import {CentredFramer} from '../../src/frames/centred-framer.ts';
import {
  DEEPSPEECH2_FEATURE_COUNT,
  DeepSpeech2FrontEnd,
  FULL_SCALES,
} from '../../src/systems/deepspeech2/front-end.ts';
import {maxAbsDifference} from '../support/arrays.ts';
import {goldenNames, goldenRoot, hasClip, loadClip, loadGolden} from '../support/goldens.ts';
import {computeFeatures} from '../support/transcription-features.ts';

const AT_THE_END = {firstRows: Infinity, furtherRows: Infinity};

const featuresOf = (samples: Float32Array, fullScale: keyof typeof FULL_SCALES): Float32Array =>
  computeFeatures(new DeepSpeech2FrontEnd({fullScale, steps: AT_THE_END}), samples);

/** Rows as the goldens have them: [columns × rows]. */
function frequencyMajor(rows: ArrayLike<number>): Float32Array {
  const rowCount = rows.length / DEEPSPEECH2_FEATURE_COUNT;
  return Float32Array.from(
    {length: rows.length},
    (_, index) => rows[(index % rowCount) * DEEPSPEECH2_FEATURE_COUNT + Math.floor(index / rowCount)] ?? NaN,
  );
}

/** Rows before they are standardised. */
function logSpectrogram(samples: Float32Array, fullScale: number): readonly number[] {
  const windowLength = 320;
  const plan = createLogSpectrum({windowLength, window: 'hamming-symmetric', fullScale});
  const row = new Float32Array(DEEPSPEECH2_FEATURE_COUNT);
  const rows: number[] = [];
  const framer = new CentredFramer({windowLength, hopLength: 160}, (frame) => {
    applyLogSpectrum(plan, frame, row);
    rows.push(...row);
  });
  framer.push(samples);
  framer.finish();
  return rows;
}

describe.each(goldenNames('ds2.feat'))('%s', (name) => {
  const {clip, values, toleranceAbs} = loadGolden(name);
  it.skipIf(!hasClip(clip ?? ''))(
    'is met by the standardised spectrogram (needs ../shared for recordings)',
    () => {
      const features = featuresOf(loadClip(clip ?? ''), 'int32');
      expect(maxAbsDifference(frequencyMajor(features), values)).toBeLessThanOrEqual(toleranceAbs);
    },
  );
});

describe.skipIf(!hasClip('sc_yes'))('the gain of sc_yes (needs ../shared)', () => {
  const distance = (fullScale: keyof typeof FULL_SCALES, name: string): number =>
    maxAbsDifference(frequencyMajor(featuresOf(loadClip('sc_yes'), fullScale)), loadGolden(name).values);

  it('is met before statistics are taken', () => {
    const golden = loadGolden('ds2.logspec.sc_yes');
    const rows = logSpectrogram(loadClip('sc_yes'), FULL_SCALES.int32);
    expect(maxAbsDifference(frequencyMajor(rows), golden.values)).toBeLessThanOrEqual(golden.toleranceAbs);
  });

  it("switched to samples of −1…1 gives that wrong recipe's golden, which is far from the right one", () => {
    const {toleranceAbs} = loadGolden('ds2.feat_gain1.sc_yes');
    expect(distance('unit', 'ds2.feat_gain1.sc_yes')).toBeLessThanOrEqual(toleranceAbs);
    expect(distance('unit', 'ds2.feat.sc_yes')).toBeGreaterThan(1);
  });

  it('of 16 bits lies beside the published one, but is another', () => {
    expect(distance('int16', 'ds2.feat.sc_yes')).toBeGreaterThan(0.001);
    expect(distance('int16', 'ds2.feat.sc_yes')).toBeLessThan(distance('unit', 'ds2.feat.sc_yes') / 2);
  });
});

describe('how many rows an utterance has', () => {
  const {ds2} = JSON.parse(readFileSync(join(goldenRoot, 'lengths.json'), 'utf8')) as {
    ds2: readonly {samples: number; frames: number}[];
  };

  it.each(ds2)('$samples samples: $frames rows', ({samples, frames}) => {
    const noise = Float32Array.from({length: samples}, (_, index) => Math.sin(index * index));
    expect(featuresOf(noise, 'int32').length / DEEPSPEECH2_FEATURE_COUNT).toBe(frames);
  });
});
