import {expect, it} from 'vitest';
import {joinWeightNorm} from '../../../../src/systems/wav2vec2-base/weight-norm.ts';

it('the directions of each place of the kernel get the length of its magnitude', () => {
  // outputs × inputs × kernel = 2 × 1 × 2
  const weights = joinWeightNorm(Float32Array.of(3, 1, 4, 0), Float32Array.of(10, 0.5));
  expect([...weights]).toEqual([6, 0.5, 8, 0]);
});

it('a negative magnitude turns them round', () => {
  expect([...joinWeightNorm(Float32Array.of(-4, 2), Float32Array.of(1, -3))]).toEqual([-1, -3]);
});
