import type {Checkpoint, StoredTensor} from '../formats/checkpoint/checkpoint.ts';
import type {Graph} from '../graph/graph.ts';
import {elementCount} from '../graph/shape.ts';

/** A part of a large network, at its real width and with invented weights, whose time tells that of the whole. */
export interface SpeedProbe {
  /** Builds it; its inputs are those of the whole network, less the states of layers that are left out. */
  readonly buildGraph: () => Graph;
  /** Values of its first input in one run, and the sound that they stand for, seconds. */
  readonly valueCount: number;
  readonly seconds: number;
  /**
   * Real-time factor of the whole network ÷ that of this part of it, in 8 bits on one thread:
   * `npx tsx bench/speed-probes.ts` prints it.
   */
  readonly timeRatio: number;
}

/** Values that are repeated until a tensor is full: computing each would take longer than timing the network. */
const PATTERN_LENGTH = 4096;

/** A checkpoint of these names and shapes, with weights of no meaning that keep activations in an ordinary range. */
export function inventedCheckpoint(shapes: Readonly<Record<string, readonly number[]>>): Checkpoint {
  const tensors = Object.entries(shapes).map(([name, shape]): [string, StoredTensor] => [
    name,
    {name, type: 'F32', shape, read: () => Promise.resolve(inventedValues(shape))},
  ]);
  return {format: 'safetensors', tensors: new Map(tensors), metadata: {}};
}

/** Ones where they scale, shift or stand for variances; else noise whose sums over a layer's inputs have variance 1. */
function inventedValues(shape: readonly number[]): Float32Array {
  if (shape.length < 2) return new Float32Array(elementCount(shape)).fill(1);
  return inventedNoise(elementCount(shape), Math.sqrt(3 / elementCount(shape.slice(1))));
}

/** So many values between −amplitude and amplitude, the same each time. */
export function inventedNoise(count: number, amplitude: number): Float32Array {
  const values = new Float32Array(count);
  let seed = 1;
  let filled = Math.min(count, PATTERN_LENGTH);
  for (let index = 0; index < filled; index++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0; // Numerical Recipes, section 7.1
    values[index] = (amplitude * seed) / 2 ** 31;
  }
  for (; filled < count; filled *= 2) values.copyWithin(filled, 0, filled);
  return values;
}
