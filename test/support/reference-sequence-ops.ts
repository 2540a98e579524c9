import type {OpAttributes} from '../../src/graph/graph.ts';
import {at, broadcastAt, eachPlace, fill, map, mean, type Reals} from './reals.ts';

/** NumPy's matmul, term by term. */
export function evaluateMatMul([a, b]: readonly Reals[], _: unknown, outputShape: readonly number[]): Reals {
  const depth = a!.shape.at(-1)!;
  return fill(outputShape, (place) => {
    const batch = place.slice(0, -2);
    const [row, column] = place.slice(-2) as [number, number];
    let sum = 0;
    for (let k = 0; k < depth; k++) {
      sum += broadcastAt(a!, [...batch, row, k]) * broadcastAt(b!, [...batch, k, column]);
    }
    return sum;
  });
}

/** One step after the other, as PyTorch's documentation of GRU states it; ONNX's order of gates is z, r, n. */
export function evaluateGru([x, w, r, bias, h0]: readonly Reals[]): readonly [Reals, Reals] {
  const [steps, batch, width] = x!.shape as [number, number, number];
  const units = r!.shape[2]!;
  const state = Float64Array.from(h0!.data);
  const y = new Float64Array(steps * batch * units);
  const gateOf = (gate: number, unit: number): number => gate * units + unit;
  for (let step = 0; step < steps; step++) {
    for (let item = 0; item < batch; item++) {
      const h = state.slice(item * units, (item + 1) * units);
      const input = (row: number): number => {
        let sum = bias!.data[row]!;
        for (let k = 0; k < width; k++) sum += at(w!, [0, row, k])! * at(x!, [step, item, k])!;
        return sum;
      };
      const recurrent = (row: number): number => {
        let sum = bias!.data[3 * units + row]!;
        for (let k = 0; k < units; k++) sum += at(r!, [0, row, k])! * h[k]!;
        return sum;
      };
      for (let unit = 0; unit < units; unit++) {
        const [z, reset] = [gateOf(0, unit), gateOf(1, unit)].map((row) =>
          sigmoid(input(row) + recurrent(row)),
        );
        const row = gateOf(2, unit);
        const n = Math.tanh(input(row) + reset! * recurrent(row));
        state[item * units + unit] = (1 - z!) * n + z! * h[unit]!;
      }
    }
    y.set(state, step * batch * units);
  }
  return [
    {shape: [steps, 1, batch, units], data: y},
    {shape: [1, batch, units], data: state},
  ];
}

/** Standardised over the dimensions from `axis` on. */
export function evaluateLayerNormalization(
  [x, scale, bias]: readonly Reals[],
  {axis, epsilon}: OpAttributes['LayerNormalization'],
): Reals {
  const isSame = (a: readonly number[], b: readonly number[]) =>
    a.slice(0, axis).join() === b.slice(0, axis).join();
  return fill(x!.shape, (place) => {
    const own = place.slice(axis);
    return standardised(x!, place, {isSame, epsilon}) * at(scale!, own)! + at(bias!, own)!;
  });
}

/** Standardised channel by channel. */
export function evaluateInstanceNormalization(
  [x, scale, bias]: readonly Reals[],
  {epsilon}: OpAttributes['InstanceNormalization'],
): Reals {
  const isSame = (a: readonly number[], b: readonly number[]) => a[0] === b[0] && a[1] === b[1];
  return fill(x!.shape, (place) => {
    const channel = place[1]!;
    return standardised(x!, place, {isSame, epsilon}) * scale!.data[channel]! + bias!.data[channel]!;
  });
}

function standardised(
  x: Reals,
  place: readonly number[],
  {isSame, epsilon}: {isSame: (a: readonly number[], b: readonly number[]) => boolean; epsilon: number},
): number {
  const members: number[] = [];
  eachPlace(x.shape, (other) => {
    if (isSame(place, other)) members.push(at(x, other)!);
  });
  const centre = mean(members);
  const variance = mean(members.map((value) => (value - centre) ** 2));
  return (at(x, place)! - centre) / Math.sqrt(variance + epsilon);
}

/** x · Φ(x), with the error function by its series. */
export function evaluateGelu([x]: readonly Reals[]): Reals {
  return map(x!, (value) => (value / 2) * (1 + erf(value / Math.SQRT2)));
}

// 2/√π e^(−x²) Σ 2ⁿ x²ⁿ⁺¹ / (1 · 3 · … · (2n + 1)), Abramowitz and Stegun 7.1.6: no term cancels another
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 150; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
