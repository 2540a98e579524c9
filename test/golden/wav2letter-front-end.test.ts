import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {applyDct, createDct} from '../../src/features/dct.ts';
import {decibelsInto, toDecibels} from '../../src/features/decibel.ts';
import {applyLogMel, createLogMel} from '../../src/features/log-mel.ts';
import {quantiseInto} from '../../src/features/quantise.ts';
import {CentredFramer} from '../../src/frames/centred-framer.ts';
import {padRows} from '../../src/pipeline/pad-rows.ts';
import {planWindows} from '../../src/pipeline/plan-windows.ts';
import {
  WAV2LETTER_FEATURE_COUNT,
  WAV2LETTER_TOP_DB,
  wav2letterMfccOptions,
} from '../../src/systems/wav2letter/front-end.ts';
import {system} from '../../src/systems/wav2letter/system.ts';
import {maxAbsDifference} from '../support/arrays.ts';
import {goldenNames, goldenRoot, hasClip, loadClip, loadGolden, type Golden} from '../support/goldens.ts';
import {computeFeatures} from '../support/transcription-features.ts';

const readJson = (name: string): unknown => JSON.parse(readFileSync(join(goldenRoot, name), 'utf8'));

/** Log-mel energies of a clip, row by row, of centred windows. */
function logMelRows(clip: string): readonly Float32Array[] {
  const plan = createLogMel(wav2letterMfccOptions);
  const rows: Float32Array[] = [];
  const framer = new CentredFramer(wav2letterMfccOptions, (frame) => {
    const row = new Float32Array(wav2letterMfccOptions.melCount);
    applyLogMel(plan, frame, row);
    rows.push(row);
  });
  framer.push(loadClip(clip));
  framer.finish();
  return rows;
}

/** What the energies of an utterance are raised to. */
function floorOf(rows: readonly Float32Array[]): number {
  return toDecibels(Math.max(...rows.map((row) => Math.max(...row)))) - WAV2LETTER_TOP_DB;
}

/** Cepstra of a clip with its 80 dB clip, before slopes and statistics: [frameCount × 13]. */
function computeCepstra(clip: string): Float32Array {
  const {melCount, coefficientCount, dct} = wav2letterMfccOptions;
  const rows = logMelRows(clip);
  const floorDb = floorOf(rows);
  const matrix = createDct(melCount, coefficientCount, dct);
  const cepstra = new Float32Array(rows.length * coefficientCount);
  rows.forEach((row, index) => {
    decibelsInto(row, floorDb, row);
    applyDct(matrix, row, cepstra, index * coefficientCount);
  });
  return cepstra;
}

function quantise(features: Float32Array, {quantisation}: Golden): Int8Array {
  const {scale, zeroPoint} = quantisation ?? {scale: NaN, zeroPoint: NaN};
  const quantised = new Int8Array(features.length);
  quantiseInto(features, scale, zeroPoint, quantised);
  return quantised;
}

/** Features of a clip by the published recipe, [frameCount × 39]. */
const featuresOf = ({clip}: Golden): Float32Array =>
  computeFeatures(system.createFrontEnd('utterance'), loadClip(clip ?? ''));

/** How far the golden of each clip is from what `compute` gives for it. */
function describeGoldens(stage: string, what: string, compute: (golden: Golden) => ArrayLike<number>): void {
  describe.each(goldenNames(stage))('%s', (name) => {
    const golden = loadGolden(name);
    it.skipIf(!hasClip(golden.clip ?? ''))(`${what} (needs ../shared for recordings)`, () => {
      expect(maxAbsDifference(compute(golden), golden.values)).toBeLessThanOrEqual(golden.toleranceAbs);
    });
  });
}

describeGoldens('w2l.mfcc', 'is met by the cepstra, utterance-wide clip included', ({clip}) =>
  computeCepstra(clip ?? ''),
);
describeGoldens('w2l.feat', 'is met by the standardised cepstra, slopes and curvatures', featuresOf);
describeGoldens('w2l.int8', 'is met exactly, or to one step beside a half', (golden) =>
  quantise(featuresOf(golden), golden),
);
describeGoldens('w2l.int8_padded', 'is met, filled up as the published evaluation does', (golden) => {
  const quantised = quantise(featuresOf(golden), golden);
  const rowCount = quantised.length / WAV2LETTER_FEATURE_COUNT;
  const {frameCount} = planWindows(system.windowPlan, rowCount);
  const padded = new Int8Array(frameCount * WAV2LETTER_FEATURE_COUNT);
  padded.set(quantised);
  padRows(padded, rowCount, system.windowPlan, WAV2LETTER_FEATURE_COUNT);
  return padded;
});
describeGoldens('w2l.frame100_db_clipped', 'is met by the energies of frame 100', ({clip}) => {
  const rows = logMelRows(clip ?? '');
  const row = new Float32Array(wav2letterMfccOptions.melCount);
  decibelsInto(rows[100] ?? row, floorOf(rows), row);
  return row;
});

describe.each(['w2l.feat_padconstant', 'w2l.feat_kit296'])('%s, a wrong recipe', (stage) => {
  it.skipIf(!hasClip('ls_testing_routine'))('is told from the right one (needs ../shared)', () => {
    const wrong = loadGolden(`${stage}.ls_testing_routine`);
    const right = featuresOf(wrong).subarray(0, wrong.values.length);
    expect(maxAbsDifference(right, wrong.values)).toBeGreaterThan(0.1);
  });
});

interface GoldenPlan {
  readonly n_frames: number;
  readonly padded_frames: number;
  readonly decoded_steps: number;
  readonly total_out: number;
  readonly windows: readonly {in_start: number; in_end: number; out_start: number; out_end: number}[];
}

describe('the window plan of the published evaluation', () => {
  const {plans} = readJson('w2l_windows.json') as {plans: readonly GoldenPlan[]};

  it.each(plans.map((plan) => [plan.n_frames, plan] as const))('is met for %i frames', (frames, golden) => {
    const {frameCount, outputCount, windows} = planWindows(system.windowPlan, frames);
    expect(frameCount).toBe(golden.padded_frames);
    expect(outputCount).toBe(golden.decoded_steps);
    expect(windows).toEqual(
      golden.windows.map(({in_start, out_start, out_end}) => ({
        firstFrame: in_start,
        firstOutput: out_start,
        endOutput: out_end,
      })),
    );
    const kept = windows.reduce((sum, {firstOutput, endOutput}) => sum + endOutput - firstOutput, 0);
    expect(kept).toBe(golden.total_out);
  });
});

describe('how many rows and steps an utterance has', () => {
  const {w2l} = readJson('lengths.json') as {
    w2l: readonly {samples: number; frames: number; decoded_steps: number}[];
  };

  it.each(w2l)('$samples samples: $frames rows, $decoded_steps steps', ({samples, frames, decoded_steps}) => {
    const noise = Float32Array.from({length: samples}, (_, index) => Math.sin(index * index));
    const features = computeFeatures(system.createFrontEnd('utterance'), noise);
    expect(features.length / WAV2LETTER_FEATURE_COUNT).toBe(frames);
    expect(planWindows(system.windowPlan, frames).outputCount).toBe(decoded_steps);
  });
});
