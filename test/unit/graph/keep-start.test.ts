import {describe, expect, it} from 'vitest';
import {findBestShift, keepStart} from '../../../src/graph/keep-start.ts';
import {tensorOf} from '../../../src/graph/tensor-of.ts';
import {slidingNetwork} from '../../support/sliding-networks.ts';

const frameCount = 28;
const networkOf = (...layers: string[]) =>
  slidingNetwork(layers, 3, {frameCount, type: 'float32', output: 'classes'});

describe('the best shift', () => {
  it.each([
    ['one hop where strides do not matter', ['convolution'], 5, 5],
    ['two hops of five frames where a column is two', ['halving convolution', 'convolution'], 5, 10],
    ['one hop of four frames where a column is two', ['halving convolution', 'convolution'], 4, 4],
    ['one hop of four frames where a column is four', ['halving convolution', 'halving convolution'], 4, 4],
    [
      'two hops of three frames where all but the smallest layer have columns of two',
      ['halving convolution', 'halving convolution'],
      3,
      6,
    ],
  ])('is %s', (_, layers, hopFrames, shift) => {
    const best = findBestShift(networkOf(...layers), {frameCount, hopFrames});
    expect(best.shift).toBe(shift);
    expect(best.savedShare).toBeGreaterThan(0.2);
  });

  it('saves nothing where no frame is shared', () => {
    expect(findBestShift(networkOf('convolution'), {frameCount, hopFrames: frameCount}).savedShare).toBe(0);
  });
});

describe('the continued network', () => {
  it('takes the newest frames, and of each layer what the next one reaches back to', () => {
    const {whole, continued} = keepStart(networkOf('convolution'), {frameCount, shift: 4});
    const shapes = continued.inputs.map((name) => tensorOf(continued, name).shape);
    expect(shapes).toEqual([
      [1, 4 * 3], // frames
      [1, 1, 2, 3], // of the frames, for the first convolution: one to the left of its first new column, and that one
      [1, 4, 2, 3], // of its result, for the second
      [1, 4, 22, 3], // of the second's result, for the mean over time: all but those four and two that padding reached
    ]);
    expect(whole.outputs.slice(1)).toHaveLength(3);
    expect(continued.outputs).toHaveLength(4);
  });

  it('is refused for a shift that is no number of frames', () => {
    expect(() => keepStart(networkOf('convolution'), {frameCount, shift: 0.5})).toThrow(RangeError);
  });
});
