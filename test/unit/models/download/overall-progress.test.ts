import {describe, expect, it} from 'vitest';
import {OverallProgress, type OverallNumbers} from '../../../../src/models/download/overall-progress.ts';

/** Two files of 1000 and 3000 bytes, and a clock that the test sets. */
function begin(
  files = [
    {name: 'a', bytes: 1000},
    {name: 'b', bytes: 3000},
  ] as {name: string; bytes?: number}[],
) {
  const clock = {ms: 0};
  const told: OverallNumbers[] = [];
  const progress = new OverallProgress(files, {
    onProgress: (numbers) => told.push(numbers),
    now: () => clock.ms,
  });
  return {clock, told, progress};
}

describe('the progress of several files', () => {
  it('is one number of bytes, of all their bytes', () => {
    const {progress, told, clock} = begin();
    progress.of('a')(500, 1000);
    clock.ms = 100;
    progress.of('b')(1500, 3000);
    expect(told.at(-1)).toMatchObject({loadedBytes: 2000, totalBytes: 4000});
    progress.of('a')(1000, 1000);
    progress.of('b')(3000, 3000);
    expect(told.at(-1)).toMatchObject({loadedBytes: 4000, totalBytes: 4000});
  });

  it('states no total as long as one size is unknown', () => {
    const {progress} = begin([{name: 'a', bytes: 1000}, {name: 'b'}]);
    progress.of('b')(10, 0);
    expect(progress.numbers).toMatchObject({loadedBytes: 10, totalBytes: 0});
    progress.of('b')(20, 3000);
    expect(progress.numbers).toMatchObject({loadedBytes: 20, totalBytes: 4000});
  });

  it('has a rate of what came lately, without what was there from another visit', () => {
    const {progress, clock} = begin();
    const tell = progress.of('b');
    tell(1000, 3000);
    expect(progress.numbers.bytesPerSecond).toBe(0);
    clock.ms = 1000;
    tell(1500, 3000);
    expect(progress.numbers.bytesPerSecond).toBe(500);
    clock.ms = 5900;
    expect(progress.numbers.bytesPerSecond).toBe(100);
    clock.ms = 6000; // five seconds after the last byte
    expect(progress.numbers.bytesPerSecond).toBe(0);
  });

  it('goes back where a file begins anew, and counts what comes again as coming', () => {
    const {progress, clock} = begin();
    const tell = progress.of('a');
    tell(600, 1000);
    clock.ms = 1000;
    tell(0, 1000);
    expect(progress.numbers).toMatchObject({loadedBytes: 0, bytesPerSecond: 0});
    tell(300, 1000);
    expect(progress.numbers).toMatchObject({loadedBytes: 300, bytesPerSecond: 300});
  });

  it('does not count a file that another tab has stored meanwhile', () => {
    const {progress, told} = begin();
    progress.found('b');
    expect(told.at(-1)).toMatchObject({loadedBytes: 0, totalBytes: 1000});
  });

  it('is told twenty times a second at most, and at its end', () => {
    const {progress, told, clock} = begin();
    const [a, b] = [progress.of('a'), progress.of('b')];
    for (let bytes = 0; bytes < 1000; bytes += 10) {
      clock.ms++;
      a(bytes, 1000);
    }
    expect(told).toHaveLength(2);
    a(1000, 1000);
    b(3000, 3000);
    expect(told.at(-1)).toMatchObject({loadedBytes: 4000});
  });

  it('refuses a file that it does not know', () => {
    expect(() => begin().progress.of('c')).toThrow('got "c", expected one of: a, b');
  });
});
