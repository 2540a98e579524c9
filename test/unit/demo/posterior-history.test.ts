import {describe, expect, test} from 'vitest';
import {AudioClock} from '../../../src/demo/audio-clock.ts';
import {formatCount, formatScore, formatTime} from '../../../src/demo/format.ts';
import {PosteriorHistory} from '../../../src/demo/posterior-history.ts';

describe('the posteriors that are kept', () => {
  test('come back in order, oldest first, and copied', () => {
    const history = new PosteriorHistory(2);
    const row = Float32Array.of(0.25, 0.75);
    history.push(100, row);
    row.set([0.5, 0.5]);
    history.push(200, row);
    expect(history.count).toBe(2);
    expect([history.timeAt(0), history.timeAt(1)]).toEqual([100, 200]);
    expect([history.valueAt(0, 1), history.valueAt(1, 1), history.newest(0)]).toEqual([0.75, 0.5, 0.5]);
  });

  test('are the newest ones once the ring is full', () => {
    const history = new PosteriorHistory(1);
    for (let index = 0; index < 1300; index++) history.push(index, Float32Array.of(index / 2048));
    expect(history.count).toBe(512);
    expect([history.timeAt(0), history.timeAt(511)]).toEqual([788, 1299]);
    expect(history.newest(0)).toBe(1299 / 2048);
  });

  test('peak only as far back as asked', () => {
    const history = new PosteriorHistory(1);
    [0.875, 0.5, 0.625].forEach((value, index) => history.push(index * 1000, Float32Array.of(value)));
    expect([history.peak(0, 0), history.peak(0, 1000), history.peak(0, 3000)]).toEqual([0.875, 0.625, 0]);
  });

  test('are 0 before the first', () => {
    expect(new PosteriorHistory(3).newest(2)).toBe(0);
  });
});

describe('the audio clock', () => {
  test('runs on between readings, by the earliest of them', () => {
    const clock = new AudioClock();
    expect(clock.at(5000)).toBe(0);
    clock.observe(1000, 5100); // 100 ms under way
    clock.observe(1100, 5130); // 30 ms
    clock.observe(1200, 5300); // 100 ms again
    expect(clock.at(5330)).toBe(1300);
  });

  test('stands back where the audio stood still', () => {
    const clock = new AudioClock();
    clock.observe(1000, 5000);
    clock.observe(1100, 9100); // the page was suspended for four seconds
    expect(clock.at(9200)).toBe(1200);
  });

  test('forgets', () => {
    const clock = new AudioClock();
    clock.observe(1000, 5000);
    clock.reset();
    expect(clock.at(5000)).toBe(0);
  });
});

test.each([
  [0, '0:00.0'],
  [1234, '0:01.2'],
  [59_999, '0:59.9'],
  [60_000, '1:00.0'],
  [3_723_400, '62:03.4'],
])('%i ms reads %s', (timeMs, text) => {
  expect(formatTime(timeMs)).toBe(text);
});

test('scores have two digits, counts their thousands apart', () => {
  expect([formatScore(0.9), formatScore(1), formatCount(1_234_567)]).toEqual(['0.90', '1.00', '1,234,567']);
});
