import {describe, expect, it} from 'vitest';
import {
  PlainSamples,
  StandardisedSamples,
  type NORMALISATIONS,
} from '../../src/systems/wav2vec2-base/front-end.ts';
import {maxAbsDifference} from '../support/arrays.ts';
import {goldenNames, hasClip, loadClip, loadGolden} from '../support/goldens.ts';
import {computeFeatures} from '../support/transcription-features.ts';

const STAGES: Readonly<Record<keyof typeof NORMALISATIONS, string>> = {
  'published-figure': 'w2v2.input_omz',
  'transformers-2021': 'w2v2.input_hf_1em5',
  transformers: 'w2v2.input_hf_1em7',
};

const cases = Object.entries(STAGES).flatMap(([normalisation, stage]) =>
  goldenNames(stage).map((name) => ({
    name,
    normalisation: normalisation as keyof typeof NORMALISATIONS,
    clip: loadGolden(name).clip ?? '',
  })),
);

describe('samples as the network takes them', () => {
  for (const {name, normalisation, clip} of cases) {
    it.skipIf(!hasClip(clip))(`are those of ${name} (recordings need ../shared)`, () => {
      const {values, toleranceAbs} = loadGolden(name);
      const frontEnd = new StandardisedSamples(normalisation);
      expect(maxAbsDifference(computeFeatures(frontEnd, loadClip(clip)), values)).toBeLessThanOrEqual(
        toleranceAbs,
      );
    });
  }

  it('are standardised by the rule of the published figure where nothing else is said', () => {
    const clip = loadClip('quiet');
    expect(computeFeatures(new StandardisedSamples(), clip)).toEqual(
      computeFeatures(new StandardisedSamples('published-figure'), clip),
    );
  });

  it('differ between the rules only where it is all but silent', () => {
    const distance = (clip: string): number =>
      maxAbsDifference(
        computeFeatures(new StandardisedSamples('transformers'), loadClip(clip)),
        computeFeatures(new StandardisedSamples(), loadClip(clip)),
      );
    expect(distance('es_yes')).toBeLessThan(1e-3);
    expect(distance('quiet')).toBeGreaterThan(1);
  });

  it('are zeros for silence, and finite for a constant', () => {
    expect(new Set(computeFeatures(new StandardisedSamples(), loadClip('silence')))).toEqual(new Set([0]));
    const constant = computeFeatures(new StandardisedSamples(), new Float32Array(1000).fill(0.1));
    expect(constant.every(Number.isFinite)).toBe(true);
  });
});

describe.each([
  ['StandardisedSamples', () => new StandardisedSamples()],
  ['PlainSamples', () => new PlainSamples()],
] as const)('%s', (_, create) => {
  it('give the same rows however the utterance is cut, and after a reset', () => {
    const clip = loadClip('short_odd');
    const frontEnd = create();
    const whole = computeFeatures(frontEnd, clip);
    expect(whole).toHaveLength(clip.length);
    for (const pieceLength of [160, 37]) {
      frontEnd.reset();
      expect(computeFeatures(frontEnd, clip, pieceLength), `pieces of ${pieceLength}`).toEqual(whole);
    }
  });

  it('give no row of no samples', () => {
    expect(computeFeatures(create(), new Float32Array())).toHaveLength(0);
  });
});

it('rows are ready at once where they are not standardised, else at the end', () => {
  const [plain, standardised] = [new PlainSamples(), new StandardisedSamples()];
  const rows = new Float32Array(10);
  for (const frontEnd of [plain, standardised]) frontEnd.push(Float32Array.of(0.5, 0.25, 0.5));
  expect(plain.readRows(rows)).toBe(3);
  expect([...rows.subarray(0, 3)]).toEqual([0.5, 0.25, 0.5]);
  expect(standardised.readRows(rows)).toBe(0);
  standardised.finish();
  expect(standardised.readRows(rows)).toBe(3);
});
