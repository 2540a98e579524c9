import {describe, expect, it} from 'vitest';
import {Wav2Vec2FrontEnd, type NORMALISATIONS} from '../../src/systems/wav2vec2-base/front-end.ts';
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
      const frontEnd = new Wav2Vec2FrontEnd(normalisation);
      expect(maxAbsDifference(computeFeatures(frontEnd, loadClip(clip)), values)).toBeLessThanOrEqual(
        toleranceAbs,
      );
    });
  }

  it('are standardised by the rule of the published figure where nothing else is said', () => {
    const clip = loadClip('quiet');
    expect(computeFeatures(new Wav2Vec2FrontEnd(), clip)).toEqual(
      computeFeatures(new Wav2Vec2FrontEnd('published-figure'), clip),
    );
  });

  it('differ between the rules only where it is all but silent', () => {
    const distance = (clip: string): number =>
      maxAbsDifference(
        computeFeatures(new Wav2Vec2FrontEnd('transformers'), loadClip(clip)),
        computeFeatures(new Wav2Vec2FrontEnd(), loadClip(clip)),
      );
    expect(distance('es_yes')).toBeLessThan(1e-3);
    expect(distance('quiet')).toBeGreaterThan(1);
  });

  it('are zeros for silence, and finite for a constant', () => {
    expect(new Set(computeFeatures(new Wav2Vec2FrontEnd(), loadClip('silence')))).toEqual(new Set([0]));
    const constant = computeFeatures(new Wav2Vec2FrontEnd(), new Float32Array(1000).fill(0.1));
    expect(constant.every(Number.isFinite)).toBe(true);
  });
});

describe('rows of samples', () => {
  it('are the same however the utterance is cut, and after a reset', () => {
    const clip = loadClip('short_odd');
    const frontEnd = new Wav2Vec2FrontEnd();
    const whole = computeFeatures(frontEnd, clip);
    expect(whole).toHaveLength(clip.length);
    for (const pieceLength of [160, 37]) {
      frontEnd.reset();
      expect(computeFeatures(frontEnd, clip, pieceLength), `pieces of ${pieceLength}`).toEqual(whole);
    }
  });

  it('are none of no samples', () => {
    expect(computeFeatures(new Wav2Vec2FrontEnd(), new Float32Array())).toHaveLength(0);
  });

  it('are ready at the end of the utterance', () => {
    const frontEnd = new Wav2Vec2FrontEnd();
    const rows = new Float32Array(10);
    frontEnd.push(Float32Array.of(0.5, 0.25, 0.5));
    expect(frontEnd.readRows(rows)).toBe(0);
    frontEnd.finish();
    expect(frontEnd.readRows(rows)).toBe(3);
  });
});
