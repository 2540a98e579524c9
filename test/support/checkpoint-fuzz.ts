import {openCheckpoint, type Checkpoint} from '../../src/formats/checkpoint/checkpoint.ts';
import {fuzzMutations, type FuzzReport} from './mutation-fuzz.ts';
import {CountedFile} from './file-pieces.ts';

/** What to run. */
export interface CheckpointFuzzOptions {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly seed: number;
  readonly count: number;
  readonly open?: (file: CountedFile) => Promise<Checkpoint>;
}

/** Opens mutated checkpoints and reads each tensor; there must be as many values as its shape says. */
export async function fuzzCheckpoints(options: CheckpointFuzzOptions): Promise<FuzzReport> {
  const {files, seed, count, open = openCheckpoint} = options;
  return fuzzMutations({
    files: [...files].map(([name, bytes]) => ({name, bytes, words: allWords(bytes)})),
    seed,
    count,
    attempt: async (bytes) => findProblem(await open(new CountedFile([bytes]))),
  });
}

async function findProblem({tensors}: Checkpoint): Promise<string | undefined> {
  for (const tensor of tensors.values()) {
    const {name, shape} = tensor;
    const values = await tensor.read();
    const expected = shape.reduce((product, length) => product * length, 1);
    if (values.length !== expected) return `${values.length} values of ${name}, expected ${expected}`;
  }
  return undefined;
}

/** Nearly all of so small a file is structure. */
function allWords(bytes: Uint8Array): number[] {
  return Array.from({length: Math.floor(bytes.length / 4)}, (_, index) => 4 * index);
}
