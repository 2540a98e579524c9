import {describe, expect, it} from 'vitest';
import {
  CHANNELS_FIRST,
  CHANNELS_LAST,
  composePermutations,
  invertPermutation,
  isPermutation,
  keepsMemoryOrder,
  permute,
  permuteConstant,
  permuteData,
} from '../../../src/graph/permutation.ts';
import {elementCount} from '../../../src/graph/shape.ts';
import {seededRandom} from '../../support/prng.ts';

describe('permutations', () => {
  it('names NHWC and NCHW as inverses of one another', () => {
    expect(permute(['n', 'h', 'w', 'c'], CHANNELS_FIRST)).toEqual(['n', 'c', 'h', 'w']);
    expect(permute(['n', 'c', 'h', 'w'], CHANNELS_LAST)).toEqual(['n', 'h', 'w', 'c']);
    expect(composePermutations(CHANNELS_FIRST, CHANNELS_LAST)).toEqual([0, 1, 2, 3]);
  });

  it('composes in the order of doing, and inverts', () => {
    const [first, second] = [
      [1, 2, 0],
      [2, 1, 0],
    ];
    const list = ['a', 'b', 'c'];
    expect(permute(list, composePermutations(first, second))).toEqual(permute(permute(list, first), second));
    expect(permute(permute(list, first), invertPermutation(first))).toEqual(list);
  });

  it.each([
    {permutation: [1, 0], rank: 2, is: true},
    {permutation: [0, 0], rank: 2, is: false},
    {permutation: [0, 2], rank: 2, is: false},
    {permutation: [0, 1], rank: 3, is: false},
    {permutation: [0, 0.5], rank: 2, is: false},
  ])('knows whether $permutation permutes $rank dimensions', ({permutation, rank, is}) => {
    expect(isPermutation(permutation, rank)).toBe(is);
  });

  it('sees that moving dimensions of size 1 moves no value', () => {
    expect(keepsMemoryOrder([1, 49, 10, 1], CHANNELS_FIRST)).toBe(true);
    expect(keepsMemoryOrder([1, 1, 1, 12], CHANNELS_FIRST)).toBe(true);
    expect(keepsMemoryOrder([1, 49, 10, 2], CHANNELS_FIRST)).toBe(false);
  });

  it('moves data as index arithmetic says, for shapes and permutations of every rank', () => {
    const random = seededRandom(51);
    for (let round = 0; round < 200; round++) {
      const shape = Array.from({length: random.integer(0, 5)}, () => random.integer(1, 4));
      const order = shape.map((_, dimension) => ({dimension, key: random.next()}));
      const permutation = order.sort((a, b) => a.key - b.key).map(({dimension}) => dimension);
      const data = Int32Array.from({length: elementCount(shape)}, (_, index) => index);
      const moved = permuteData(data, shape, permutation);
      const sizes = permute(shape, permutation);
      moved.forEach((value, flat) => {
        const target = unravel(flat, sizes);
        const source = unravel(value, shape);
        expect(target, `seed 51, round ${round}`).toEqual(permute(source, permutation));
      });
    }
  });

  it('shares the data of a constant whose values stay in order, and copies it once otherwise', () => {
    const column = {name: 'c', type: 'int8', shape: [3, 1], data: Int8Array.of(1, 2, 3)} as const;
    expect(permuteConstant(column, [1, 0], 'row').data).toBe(column.data);
    const square = {name: 's', type: 'int8', shape: [2, 2], data: Int8Array.of(1, 2, 3, 4)} as const;
    expect(permuteConstant(square, [1, 0], 't')).toEqual({
      name: 't',
      type: 'int8',
      shape: [2, 2],
      data: Int8Array.of(1, 3, 2, 4),
    });
  });
});

function unravel(flat: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  let rest = flat;
  for (const size of shape.toReversed()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}
