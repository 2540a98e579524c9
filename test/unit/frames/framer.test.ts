import {describe, expect, it} from 'vitest';
import {Framer} from '../../../src/frames/framer.ts';
import {seededRandom} from '../../support/prng.ts';

const counting = (count: number): Float32Array => Float32Array.from({length: count}, (_, index) => index + 1);

/** All windows of a stream pushed in pieces of the given lengths, each with its start. */
function cut(
  framer: Framer,
  samples: Float32Array,
  windowLength: number,
  pieceLength: () => number,
): unknown[] {
  const frames: unknown[] = [];
  const window = new Float32Array(windowLength);
  const drain = (): void => {
    for (let start = framer.nextFrameStart; framer.nextFrameInto(window); start = framer.nextFrameStart) {
      frames.push([start, [...window]]);
    }
  };
  for (let position = 0; position < samples.length;) {
    position += framer.push(samples, position, Math.min(pieceLength(), samples.length - position));
    drain();
  }
  return frames;
}

describe('Framer', () => {
  it('gives every window of the stream and where it starts', () => {
    const framer = new Framer({windowLength: 4, hopLength: 2, capacitySamples: 10});
    framer.push(counting(9), 0, 9);
    const window = new Float32Array(4);
    const seen: unknown[] = [];
    for (let start = framer.nextFrameStart; framer.nextFrameInto(window); start = framer.nextFrameStart) {
      seen.push([start, ...window]);
    }
    expect(seen).toEqual([
      [0, 1, 2, 3, 4],
      [2, 3, 4, 5, 6],
      [4, 5, 6, 7, 8],
    ]);
    expect(framer.bufferedSamples).toBe(3);
  });

  it('takes what there is room for and says how much', () => {
    const framer = new Framer({windowLength: 4, hopLength: 2, capacitySamples: 6});
    expect(framer.push(counting(10), 0, 10)).toBe(6);
    expect(framer.push(counting(10), 6, 4)).toBe(0);
    framer.nextFrameInto(new Float32Array(4));
    expect(framer.push(counting(10), 6, 4)).toBe(2);
  });

  it('leaves the output alone while a window is incomplete', () => {
    const framer = new Framer({windowLength: 4, hopLength: 2, capacitySamples: 6});
    framer.push(counting(3), 0, 3);
    const out = Float32Array.of(9, 9, 9, 9);
    expect(framer.nextFrameInto(out)).toBe(false);
    expect([...out]).toEqual([9, 9, 9, 9]);
    expect(framer.nextFrameStart).toBe(0);
  });

  it('writes the window only, also to a longer output', () => {
    const framer = new Framer({windowLength: 2, hopLength: 1, capacitySamples: 3});
    framer.push(counting(2), 0, 2);
    const out = Float32Array.of(9, 9, 9, 9);
    framer.nextFrameInto(out);
    expect([...out]).toEqual([1, 2, 9, 9]);
  });

  it('passes over windows without copying them, complete ones only', () => {
    const framer = new Framer({windowLength: 4, hopLength: 2, capacitySamples: 10});
    framer.push(counting(9), 0, 9);
    expect(framer.skipFrames(2)).toBe(2);
    expect(framer.nextFrameStart).toBe(4);
    expect(framer.skipFrames(5)).toBe(1);
    expect(framer.nextFrameStart).toBe(6);
  });

  it('starts anew where it is told to', () => {
    const framer = new Framer({windowLength: 2, hopLength: 1, capacitySamples: 4});
    framer.push(counting(3), 0, 3);
    framer.reset(5000);
    expect([framer.bufferedSamples, framer.nextFrameStart]).toEqual([0, 5000]);
    framer.push(counting(9), 6, 3);
    const out = new Float32Array(2);
    framer.nextFrameInto(out);
    expect([...out]).toEqual([7, 8]);
    expect(framer.nextFrameStart).toBe(5001);
  });

  it('gives the same windows however the stream is split (seeded)', () => {
    const random = seededRandom(4711);
    for (let trial = 0; trial < 200; trial++) {
      const windowLength = random.integer(1, 40);
      const hopLength = random.integer(1, 60); // longer than the window too
      const samples = random.samples(random.integer(0, 600));
      const expected: unknown[] = [];
      for (let start = 0; start + windowLength <= samples.length; start += hopLength) {
        expected.push([start, [...samples.subarray(start, start + windowLength)]]);
      }
      const framer = new Framer({
        windowLength,
        hopLength,
        capacitySamples: windowLength + random.integer(0, 90),
      });
      const got = cut(framer, samples, windowLength, () => random.integer(1, 130));
      expect(got, `seed ${random.seed}, trial ${trial}`).toEqual(expected);
    }
  });

  it.each([
    [
      {windowLength: 0, hopLength: 1, capacitySamples: 4},
      'windowLength: got 0, expected an integer of at least 1',
    ],
    [{windowLength: 4, hopLength: 0.5, capacitySamples: 4}, 'hopLength: got 0.5'],
    [
      {windowLength: 4, hopLength: 1, capacitySamples: 3},
      'capacitySamples: got 3, expected an integer of at least 4',
    ],
  ])('refuses %j', (options, message) => {
    expect(() => new Framer(options)).toThrow(RangeError);
    expect(() => new Framer(options)).toThrow(message);
  });
});
