import {describe, expect, it} from 'vitest';
import {system} from '../../../../src/systems/wav2letter/system.ts';
import {maxAbsDifference} from '../../../support/arrays.ts';
import {loadClip} from '../../../support/goldens.ts';
import {computeFeatures} from '../../../support/transcription-features.ts';

const ROW = 39;

describe.each(['utterance', 'streaming'] as const)('the front end of wav2letter, mode %s', (mode) => {
  it('gives the same rows however the utterance is cut, and after a reset', () => {
    const clip = loadClip('es_fox');
    const whole = computeFeatures(system.createFrontEnd(mode), clip);
    expect(whole.length).toBe(344 * ROW);
    const frontEnd = system.createFrontEnd(mode);
    for (const pieceLength of [160, 37, 4001]) {
      expect(computeFeatures(frontEnd, clip, pieceLength), `pieces of ${pieceLength}`).toEqual(whole);
      frontEnd.reset();
    }
  });

  it('gives no row of less than 80 ms, and one every 10 ms from there on', () => {
    const clip = loadClip('noise');
    const countOf = (samples: number): number =>
      computeFeatures(system.createFrontEnd(mode), clip.subarray(0, samples)).length / ROW;
    expect([0, 256, 257, 1279, 1280, 1439, 1440].map(countOf)).toEqual([0, 0, 0, 0, 9, 9, 10]);
  });
});

describe('the streaming mode', () => {
  it('gives rows as soon as a window can be run, and then window by window', () => {
    const frontEnd = system.createFrontEnd('streaming');
    const clip = loadClip('es_fox');
    const loop = Float32Array.from({length: 80_000}, (_, index) => clip[index % clip.length] ?? 0);
    const rows = new Float32Array(500 * ROW);
    const counts: number[] = [];
    for (let start = 0; start < loop.length; start += 1600) {
      frontEnd.push(loop.subarray(start, start + 1600));
      counts.push(frontEnd.readRows(rows));
    }
    const isThere = counts.flatMap((count, index) => (count === 0 ? [] : [[index, count]]));
    // row 295 needs 4 rows more for its slope and half a window: 299 · 160 + 256 samples
    expect(isThere).toEqual([
      [Math.floor((299 * 160 + 256) / 1600), 296],
      [Math.floor((399 * 160 + 256) / 1600), 100],
    ]);
  });

  it('is exactly the published recipe for an utterance that fits one window', () => {
    const clip = loadClip('es_yes');
    expect(computeFeatures(system.createFrontEnd('streaming'), clip)).toEqual(
      computeFeatures(system.createFrontEnd('utterance'), clip),
    );
  });

  it('differs from it in a longer one, where the statistics come later', () => {
    const clip = loadClip('es_fox');
    const streaming = computeFeatures(system.createFrontEnd('streaming'), clip);
    const whole = computeFeatures(system.createFrontEnd('utterance'), clip);
    expect(maxAbsDifference(streaming, whole)).toBeGreaterThan(0.001);
    expect(maxAbsDifference(streaming.subarray(296 * ROW), whole.subarray(296 * ROW))).toBeLessThan(1e-5);
  });
});
