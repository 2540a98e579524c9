import {expect, test} from 'vitest';
import {float16ToFloat32} from '../../../src/formats/float16.ts';

function decode(...bits: number[]): number[] {
  return [...float16ToFloat32(Uint16Array.from(bits))];
}

test('decodes the landmarks of the half-precision format', () => {
  expect(decode(0x3c00, 0xc000, 0x7bff, 0x3555)).toEqual([1, -2, 65504, 0.333251953125]);
});

test('decodes subnormals and both zeros exactly', () => {
  expect(decode(0x0001, 0x03ff, 0x0400)).toEqual([2 ** -24, 1023 * 2 ** -24, 2 ** -14]);
  expect(Object.is(decode(0x8000)[0], -0)).toBe(true);
});

test('decodes infinities and NaN', () => {
  expect(decode(0x7c00, 0xfc00, 0x7e01)).toEqual([Infinity, -Infinity, NaN]);
});

test('decodes all positive finite halves in rising order', () => {
  const all = float16ToFloat32(Uint16Array.from({length: 0x7c00}, (_, bits) => bits));
  expect(all.every((value, index) => index === 0 || value > (all[index - 1] ?? Infinity))).toBe(true);
});
