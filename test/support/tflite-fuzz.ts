import {openModelFile} from '../../src/formats/tflite/model-file.ts';
import {BUFFER} from '../../src/formats/tflite/schema.ts';
import type {Graph} from '../../src/graph/graph.ts';
import {validateGraph} from '../../src/graph/validate-graph.ts';
import {describeError, fuzzMutations, type FuzzReport} from './mutation-fuzz.ts';

/** What to run. */
export interface TfliteFuzzOptions {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly seed: number;
  readonly count: number;
  readonly read: (bytes: Uint8Array) => Graph;
}

/** Reads mutated TFLite files; what is read must be a valid graph. Needs `--expose-gc`. */
export async function fuzzTflite({files, seed, count, read}: TfliteFuzzOptions): Promise<FuzzReport> {
  return fuzzMutations({
    files: [...files].map(([name, bytes]) => ({name, bytes, words: structureWords(bytes)})),
    seed,
    count,
    attempt: (bytes) => findProblem(read(bytes)),
  });
}

function findProblem(graph: Graph): string | undefined {
  try {
    validateGraph(graph);
    return undefined;
  } catch (error) {
    return `invalid graph: ${describeError(error)}`;
  }
}

/** Positions of the file's words, multiples of 4, that are not the data of a buffer. */
function structureWords(bytes: Uint8Array): number[] {
  const isData = new Uint8Array(bytes.length);
  for (const buffer of openModelFile(bytes).buffers) {
    const data = buffer.vector(BUFFER.data, 1);
    // short ones are shapes and axes: part of the structure
    if (data !== undefined && data.count > 64) isData.fill(1, data.position, data.position + data.count);
  }
  const words: number[] = [];
  for (let position = 0; position + 4 <= bytes.length; position += 4) {
    if (isData[position] === 0) words.push(position);
  }
  return words;
}
