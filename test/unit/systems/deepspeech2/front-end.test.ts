import {describe, expect, it} from 'vitest';
import {
  DEEPSPEECH2_FEATURE_COUNT,
  DeepSpeech2FrontEnd,
} from '../../../../src/systems/deepspeech2/front-end.ts';
import {maxAbsDifference} from '../../../support/arrays.ts';
import {loadClip} from '../../../support/goldens.ts';
import {computeFeatures} from '../../../support/transcription-features.ts';

const ROW = DEEPSPEECH2_FEATURE_COUNT;

const frontEndWith = (firstRows: number, furtherRows: number): DeepSpeech2FrontEnd =>
  new DeepSpeech2FrontEnd({fullScale: 'int32', steps: {firstRows, furtherRows}});
const wholeUtterance = (): DeepSpeech2FrontEnd => frontEndWith(Infinity, Infinity);

describe.each([
  ['statistics of the whole utterance', Infinity, Infinity],
  ['running statistics', 89, 60],
] as const)('the front end of deepspeech2 with %s', (_, firstRows, furtherRows) => {
  it('gives the same rows however the utterance is cut, and after a reset', () => {
    const clip = loadClip('es_fox');
    const whole = computeFeatures(frontEndWith(firstRows, furtherRows), clip);
    expect(whole.length).toBe((1 + Math.floor(clip.length / 160)) * ROW);
    const frontEnd = frontEndWith(firstRows, furtherRows);
    for (const pieceLength of [160, 37, 4001]) {
      expect(computeFeatures(frontEnd, clip, pieceLength), `pieces of ${pieceLength}`).toEqual(whole);
      frontEnd.reset();
    }
  });

  it('gives no row of 10 ms or less, and one every 10 ms from there on', () => {
    const countOf = (samples: number): number =>
      computeFeatures(frontEndWith(firstRows, furtherRows), loadClip('noise').subarray(0, samples)).length /
      ROW;
    expect([0, 160, 161, 319, 320, 4799, 4800].map(countOf)).toEqual([0, 0, 2, 2, 3, 30, 31]);
  });
});

describe('running statistics', () => {
  it('let go of rows step by step', () => {
    const frontEnd = frontEndWith(89, 60);
    const rows = new Float32Array(500 * ROW);
    const clip = loadClip('es_fox');
    const counts: number[] = [];
    for (let start = 0; start + 1600 <= clip.length; start += 1600) {
      frontEnd.push(clip.subarray(start, start + 1600));
      counts.push(frontEnd.readRows(rows));
    }
    // row r is there with sample 160·(r + 1) − 1
    expect(counts.slice(0, 16)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 89, 0, 0, 0, 0, 0, 60, 0]);
  });

  it('are those of the published recipe for an utterance of one step', () => {
    const clip = loadClip('es_yes').subarray(0, 88 * 160);
    expect(computeFeatures(frontEndWith(89, 60), clip)).toEqual(computeFeatures(wholeUtterance(), clip));
  });

  it('differ from them in a longer one, least where most is known', () => {
    const clip = loadClip('es_fox');
    const running = computeFeatures(frontEndWith(89, 60), clip);
    const whole = computeFeatures(wholeUtterance(), clip);
    expect(maxAbsDifference(running, whole)).toBeGreaterThan(0.001);
    expect(maxAbsDifference(running.subarray(-ROW), whole.subarray(-ROW))).toBeLessThan(1e-5);
  });
});
