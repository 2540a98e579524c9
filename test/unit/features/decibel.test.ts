import {expect, it} from 'vitest';
import {decibelsInto, toDecibels} from '../../../src/features/decibel.ts';
import {maxAbsDifference} from '../../support/arrays.ts';

it('energies become decibels, in place too, none below the floor', () => {
  const energies = Float32Array.of(Math.log(1000), Math.log(2), Math.log(1e-9));
  expect(toDecibels(Math.log(100))).toBeCloseTo(20, 12);
  decibelsInto(energies, -50, energies);
  expect(maxAbsDifference(energies, [30, 3.0103, -50])).toBeLessThan(1e-5);
});
