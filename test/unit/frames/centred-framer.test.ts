import {describe, expect, it} from 'vitest';
import {CentredFramer} from '../../../src/frames/centred-framer.ts';
import {seededRandom} from '../../support/prng.ts';

/** All windows of an utterance that comes in pieces. */
function cut(samples: readonly number[], pieceLength: number): readonly (readonly number[])[] {
  const frames: number[][] = [];
  const framer = new CentredFramer({windowLength: 4, hopLength: 3}, (frame) => frames.push([...frame]));
  const pushAll = (): void => {
    for (let start = 0; start < samples.length; start += pieceLength) {
      framer.push(Float32Array.from(samples.slice(start, start + pieceLength)));
    }
    framer.finish();
  };
  framer.push(Float32Array.of(7, 7, 7, 7, 7)); // a reset forgets all of this
  framer.reset();
  frames.length = 0;
  pushAll();
  return frames;
}

describe('CentredFramer', () => {
  it('mirrors half a window at either end, without the end sample', () => {
    expect(cut([1, 2, 3, 4, 5, 6, 7], 7)).toEqual([
      [3, 2, 1, 2],
      [2, 3, 4, 5],
      [5, 6, 7, 6],
    ]);
  });

  it('gives 1 + floor(N / hopLength) windows from the first length on that can be mirrored', () => {
    const counts = [0, 1, 2, 3, 4, 5, 6, 7].map((length) => cut(Array<number>(length).fill(1), 8).length);
    expect(counts).toEqual([0, 0, 0, 2, 2, 2, 3, 3]);
  });

  it('gives the same windows however the utterance is split (seeded)', () => {
    const random = seededRandom(31);
    const samples = [...random.samples(50)];
    const whole = cut(samples, 50);
    for (let pieceLength = 1; pieceLength < 20; pieceLength++) {
      expect(cut(samples, pieceLength), `pieces of ${pieceLength}, seed 31`).toEqual(whole);
    }
  });

  it('refuses a window without a middle', () => {
    expect(() => new CentredFramer({windowLength: 5, hopLength: 1}, () => undefined)).toThrow(
      new RangeError('windowLength: got 5, expected an even number'),
    );
  });
});
