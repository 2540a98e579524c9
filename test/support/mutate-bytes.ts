import type {SeededRandom} from './prng.ts';

/** A damaged copy of a file, and what was done to it. */
export interface Mutation {
  readonly kind: string;
  readonly bytes: Uint8Array;
}

/** Values that offsets, counts and sizes are most likely to be mishandled at. */
const AWKWARD_WORDS = [
  0, 1, 4, 0x7f, 0xff, 0xffff, 0x10000, 0x7fff_ffff, 0x8000_0000, 0xffff_fffc, 0xffff_ffff,
];

/**
 * One random mutation of a file.
 * @param words positions of the file's structure (not of its weights), multiples of 4, where most edits go.
 */
export function mutate(original: Uint8Array, words: readonly number[], random: SeededRandom): Mutation {
  const kind = random.pick(Object.keys(MUTATORS));
  const mutator = MUTATORS[kind];
  if (mutator === undefined) throw new Error(`no mutator ${kind}`);
  return {kind, bytes: mutator(original, words, random)};
}

type Mutator = (original: Uint8Array, words: readonly number[], random: SeededRandom) => Uint8Array;

const MUTATORS: Readonly<Record<string, Mutator>> = {
  'flips bits anywhere': (original, _, random) => {
    const bytes = original.slice();
    for (let count = random.integer(1, 16); count > 0; count--) {
      const position = random.integer(0, bytes.length - 1);
      bytes[position] = (bytes[position] ?? 0) ^ (1 << random.integer(0, 7));
    }
    return bytes;
  },
  'flips bits of the structure': (original, words, random) => {
    const bytes = original.slice();
    for (let count = random.integer(1, 4); count > 0; count--) {
      const position = random.pick(words) + random.integer(0, 3);
      bytes[position] = (bytes[position] ?? 0) ^ (1 << random.integer(0, 7));
    }
    return bytes;
  },
  'cuts the end off': (original, _, random) => original.slice(0, random.integer(0, original.length - 1)),
  'writes random words': (original, words, random) => {
    const bytes = original.slice();
    for (let count = random.integer(1, 4); count > 0; count--) {
      writeWord(bytes, random.pick(words), random.integer(0, 0xffff_ffff));
    }
    return bytes;
  },
  'writes awkward words': (original, words, random) => {
    const bytes = original.slice();
    writeWord(bytes, random.pick(words), random.pick(AWKWARD_WORDS));
    return bytes;
  },
  'shifts an offset': (original, words, random) => {
    const bytes = original.slice();
    const position = random.pick(words);
    writeWord(bytes, position, readWord(bytes, position) + 4 * random.integer(-64, 64));
    return bytes;
  },
  'points an offset elsewhere in the structure': (original, words, random) => {
    const bytes = original.slice();
    const position = random.pick(words);
    writeWord(bytes, position, random.pick(words) - position);
    return bytes;
  },
  'copies a piece of the structure over another': (original, words, random) => {
    const bytes = original.slice();
    const [source, target] = [random.pick(words), random.pick(words)];
    bytes.set(
      original.subarray(source, Math.min(source + random.integer(4, 256), source + bytes.length - target)),
      target,
    );
    return bytes;
  },
  'takes a piece out': (original, _, random) => {
    const start = random.integer(0, original.length - 1);
    const end = Math.min(original.length, start + random.integer(1, 4096));
    return concatenate(original.subarray(0, start), original.subarray(end));
  },
  'puts a piece in twice': (original, _, random) => {
    const start = random.integer(0, original.length - 1);
    const end = Math.min(original.length, start + random.integer(1, 4096));
    return concatenate(original.subarray(0, end), original.subarray(start));
  },
};

function concatenate(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}

function readWord(bytes: Uint8Array, position: number): number {
  return new DataView(bytes.buffer).getUint32(position, true);
}

function writeWord(bytes: Uint8Array, position: number, value: number): void {
  new DataView(bytes.buffer).setUint32(position, value >>> 0, true);
}
