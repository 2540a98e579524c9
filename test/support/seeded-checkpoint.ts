import type {Checkpoint, StoredTensor} from '../../src/formats/checkpoint/checkpoint.ts';
import {elementCount} from '../../src/graph/shape.ts';

/** What uniform values lie around, and how far. */
interface Spread {
  readonly centre: number;
  readonly amplitude: number;
}

const FULL_RANGE: Spread = {centre: 0, amplitude: 1};

/**
 * float32 values in [centre − amplitude, centre + amplitude), the same as test/referee/seeded.py makes: place and name
 * through a hash (FNV-1a of `seed/name`, then MurmurHash3's finaliser). Also for audio and features.
 */
export function seededValues(
  name: string,
  count: number,
  {centre, amplitude}: Spread = FULL_RANGE,
  seed = 1,
): Float32Array {
  const values = new Float32Array(count);
  const key = keyOf(`${seed}/${name}`);
  for (let index = 0; index < count; index++) {
    let hash = (index + key) | 0;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash = (hash ^ (hash >>> 16)) >>> 0;
    values[index] = centre + amplitude * (hash / 2 ** 31 - 1);
  }
  return values;
}

/**
 * A checkpoint of these names and shapes; values are made when they are read, by name and shape: biases ±0.05, scales
 * of normalisation 1 ± 0.1, running variances 1 ± 0.5 and means ±0.1, other weights of variance 1 / fan-in. Those that
 * lead back into a transformer's residual stream are 0.3 of that, else twelve layers give nearly the same logits for
 * every input.
 */
export function seededCheckpoint(
  shapes: Readonly<Record<string, readonly number[]>>,
  {seed = 1, metadata = {}}: {seed?: number; metadata?: Checkpoint['metadata']} = {},
): Checkpoint {
  const tensors = Object.entries(shapes).map(([name, shape]): [string, StoredTensor] => [
    name,
    {
      name,
      type: 'F32',
      shape,
      read: () => Promise.resolve(seededValues(name, elementCount(shape), spreadOf(name, shape), seed)),
    },
  ]);
  return {format: 'torch-zip', tensors: new Map(tensors), metadata};
}

function spreadOf(name: string, shape: readonly number[]): Spread {
  const [module, last = ''] = name.split('.').slice(-2);
  if (last === 'running_var') return {centre: 1, amplitude: 0.5};
  if (last === 'running_mean') return {centre: 0, amplitude: 0.1};
  if (last.startsWith('bias')) return {centre: 0, amplitude: 0.05};
  if (shape.length < 2 || last === 'weight_g' || last === 'original0') return {centre: 1, amplitude: 0.1};
  const amplitude = Math.sqrt(3 / elementCount(shape.slice(1)));
  return {centre: 0, amplitude: amplitude * (module === 'out_proj' || module === 'output_dense' ? 0.3 : 1)};
}

/** FNV-1a, 32 bits, of the text's UTF-8 bytes. */
function keyOf(text: string): number {
  return new TextEncoder()
    .encode(text)
    .reduce((key, byte) => Math.imul(key ^ byte, 0x01000193), 0x811c9dc5 | 0);
}
