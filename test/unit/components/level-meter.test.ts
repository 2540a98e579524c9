import {beforeEach, describe, expect, test} from 'vitest';
import {LevelMeter, type Frames} from '../../../src/components/level-meter.ts';

/** Animation frames that come when the test says so. */
class ManualFrames implements Frames {
  #waiting: ((timeMs: number) => void)[] = [];
  get waitingCount(): number {
    return this.#waiting.length;
  }
  request(draw: (timeMs: number) => void): number {
    return this.#waiting.push(draw);
  }
  cancel(): void {
    this.#waiting = [];
  }
  next(timeMs: number): void {
    const due = this.#waiting;
    this.#waiting = [];
    for (const draw of due) draw(timeMs);
  }
}

let frames: ManualFrames;
let drawn: number[];
beforeEach(() => {
  frames = new ManualFrames();
  drawn = [];
});

function createMeter(isCalm = false): LevelMeter {
  return new LevelMeter((level) => drawn.push(level), {frames, isCalm: () => isCalm});
}

describe('the level meter', () => {
  test('draws once per frame, the loudest of many levels', () => {
    const meter = createMeter();
    for (const level of [-40, -12, -60, -30]) meter.push(level);
    expect(frames.waitingCount).toBe(1);
    expect(drawn).toEqual([]);
    frames.next(0);
    expect(drawn).toEqual([1]);
  });

  test('shows the range from a quiet room to close speech, and no more', () => {
    const meter = createMeter();
    for (const [index, level] of [-120, -66, -39, -12, 0].entries()) {
      meter.push(level);
      frames.next(index * 10_000);
    }
    expect(drawn.map((level) => level.toFixed(2))).toEqual(['0.00', '0.00', '0.50', '1.00', '1.00']);
  });

  test('falls slowly when it becomes quiet, then asks for no more frames', () => {
    const meter = createMeter();
    meter.push(-12);
    for (let timeMs = 0; timeMs <= 2000 && frames.waitingCount > 0; timeMs += 100) frames.next(timeMs);
    expect(drawn[0]).toBe(1);
    expect(drawn[1]).toBeCloseTo(0.86, 6);
    expect(drawn.at(-1)).toBe(0);
    expect(drawn.length).toBe(9); // 1 ÷ 0.14 per frame, and the first
    expect(frames.waitingCount).toBe(0);
  });

  test('takes steps half a second apart, without falling, where less movement is asked for', () => {
    const meter = createMeter(true);
    for (let timeMs = 0; timeMs < 1000; timeMs += 20) {
      meter.push(timeMs === 400 ? -12 : -39);
      frames.next(timeMs);
    }
    expect(drawn).toEqual([0.5, 1]);
  });

  test('shows nothing at once when reset, and drops the frame it had asked for', () => {
    const meter = createMeter();
    meter.push(-12);
    meter.reset();
    expect(drawn).toEqual([0]);
    expect(frames.waitingCount).toBe(0);
  });
});
