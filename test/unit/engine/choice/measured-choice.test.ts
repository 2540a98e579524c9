import {describe, expect, it, test} from 'vitest';
import {
  computeDifference,
  computePercentile,
  pickFastest,
  toleranceBetween,
} from '../../../../src/engine/choice/measured-choice.ts';
import type {MeasuredCandidate} from '../../../../src/protocol/engine-choice.ts';

function measured(
  engine: MeasuredCandidate['engine'],
  p50Ms: number,
  rest: Partial<MeasuredCandidate> = {},
): MeasuredCandidate {
  return {
    engine,
    numerics: 'float32',
    threadCount: 1,
    p50Ms,
    p95Ms: p50Ms,
    windowCount: 30,
    engineBytes: 0,
    difference: 0,
    ...rest,
  };
}

test.each([
  [[3, 1, 2], 0.5, 2],
  [[4, 1, 3, 2], 0.5, 2],
  [[7], 0.95, 7],
  [Array.from({length: 20}, (_, index) => 20 - index), 0.95, 19],
  [[], 0.5, NaN],
])('of %j the share %d does not exceed %d', (values, share, expected) => {
  expect(computePercentile(values, share)).toBe(expected);
});

describe('the difference of outputs', () => {
  const reference = [Float32Array.of(-2, 0, 2), Float32Array.of(0, 1, 0)];

  it('is the largest of all windows, each as a share of the range of its own reference', () => {
    const outputs = [Float32Array.of(-2, 1, 2), Float32Array.of(0, 1, 0.125)];
    expect(computeDifference(reference, outputs)).toBe(0.25);
    expect(computeDifference(reference, reference)).toBe(0);
  });

  it.each([
    ['a value that is no number', [Float32Array.of(-2, NaN, 2), Float32Array.of(0, 1, 0)]],
    ['too few values', [Float32Array.of(-2, 0), Float32Array.of(0, 1, 0)]],
    ['too few windows', [Float32Array.of(-2, 0, 2)]],
  ])('is within no tolerance for %s', (_what, outputs) => {
    expect(computeDifference(reference, outputs)).toBeNaN();
  });

  it('from a reference without a range is nothing or infinite', () => {
    const flat = [Float32Array.of(1, 1)];
    expect(computeDifference(flat, flat)).toBe(0);
    expect(computeDifference(flat, [Float32Array.of(1, 2)])).toBe(Infinity);
  });
});

test('the tolerance is none between integers, small between floats, larger between both', () => {
  expect(toleranceBetween('int8-exact', 'int8-exact')).toBe(0);
  expect(toleranceBetween('float32', 'float32')).toBe(1e-3);
  const mixed = toleranceBetween('int8-exact', 'float32');
  expect(mixed).toBeGreaterThan(1e-3);
  expect(toleranceBetween('float32', 'int8-exact')).toBe(mixed);
});

describe('the pick', () => {
  it('is the fastest, whatever it weighs', () => {
    const fast = measured('onnx', 4, {engineBytes: 4_000_000});
    expect(pickFastest([measured('tfjs', 5), fast])).toEqual({winner: fast, decidedBy: 'time'});
  });

  it.each([
    ['a tenth', 10, 10.9],
    ['a fifth of a millisecond', 0.1, 0.29],
  ])('is the one with fewer bytes where times are less than %s apart', (_what, fastMs, slowMs) => {
    const small = measured('tfjs', slowMs, {engineBytes: 140_000});
    const large = measured('onnx', fastMs, {engineBytes: 4_000_000});
    expect(pickFastest([large, small])).toEqual({winner: small, decidedBy: 'bytes'});
  });

  it('is the first of equals', () => {
    const [first, second] = [measured('tfjs', 1), measured('onnx', 1)];
    expect(pickFastest([first, second])).toEqual({winner: first, decidedBy: 'order'});
  });

  it('is none of none', () => {
    expect(pickFastest([])).toBeUndefined();
  });
});
