import {describe, expect, test} from 'vitest';
import type {Candidate, Timing} from '../../../bench/page/candidates.ts';
import {median, quantile} from '../../../bench/statistics.ts';
import {timeRows} from '../../../bench/timed-rows.ts';
import type {TimingPage} from '../../../bench/timing-page.ts';

const candidate: Candidate = {kind: 'tflite', weights: '', input: []};

function contextWith(timings: readonly Timing[]): {rounds: number; page: TimingPage} {
  const page: TimingPage = {
    browserVersion: 'none',
    gpu: {absent: 'none'},
    time: () => Promise.resolve(timings),
    close: () => Promise.resolve(),
  };
  return {rounds: 3, page};
}

describe('quantile', () => {
  test('is a value of the list, the smallest at 0 and the largest at 1', () => {
    const values = [5, 1, 4, 2, 3];
    expect([0, 0.05, 0.5, 0.95, 1].map((share) => quantile(values, share))).toEqual([1, 1, 3, 5, 5]);
    expect(median(values)).toBe(3);
    expect(values).toEqual([5, 1, 4, 2, 3]);
  });

  test('of nothing is not a number', () => {
    expect(median([])).toBeNaN();
  });
});

describe('the rows of what was timed', () => {
  const entries = [
    {name: 'ours', unit: 'ms', candidate, against: 'theirs', note: 'how'},
    {name: 'theirs', unit: 'ms', candidate},
  ];

  test('have median, p5 and the ratio to the peer of the same run', async () => {
    const rows = await timeRows(contextWith([{msPerCall: [3, 1, 2]}, {msPerCall: [4, 4, 8]}]), entries);
    expect(rows).toEqual([
      {
        name: 'ours',
        unit: 'ms',
        p5: 1,
        value: 2,
        against: {name: 'theirs', value: 4},
        ratio: 0.5,
        note: 'how',
      },
      {name: 'theirs', unit: 'ms', p5: 4, value: 4},
    ]);
  });

  test('say why a candidate has no figure, and give no ratio to it', async () => {
    const rows = await timeRows(contextWith([{msPerCall: [2]}, {error: 'no such file'}]), entries);
    expect(rows).toEqual([
      {name: 'ours', unit: 'ms', p5: 2, value: 2, note: 'how'},
      {name: 'theirs', unit: 'ms', note: 'does not run: no such file'},
    ]);
  });
});
