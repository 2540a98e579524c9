import {readInt8Npy} from '../src/formats/npy.ts';
import {sha256Hex} from '../src/models/verify-weights.ts';
import type {TestVector} from '../src/pipeline/self-test.ts';

/** Digests of the two arrays of a published vector. */
interface VectorDigests {
  readonly input: {readonly path: string; readonly sha256: string};
  readonly output: {readonly path: string; readonly sha256: string};
}

/**
 * A published vector among the visitor's files, which may have any names: found by the digests of their values. Worker.
 * @throws ModelFormatError where a file is no NumPy array of int8 values.
 */
export async function findPublishedVector(
  {input, output}: VectorDigests,
  files: readonly Blob[],
): Promise<TestVector | {readonly notRun: string}> {
  const arrays = new Map<string, Int8Array>();
  for (const file of files) {
    const values = readInt8Npy(new Uint8Array(await file.arrayBuffer()));
    arrays.set(await sha256Hex(new Uint8Array(values.buffer, values.byteOffset, values.length)), values);
  }
  const [given, expected] = [arrays.get(input.sha256), arrays.get(output.sha256)];
  if (given && expected) return {input: given, output: expected};
  return {notRun: `got ${files.length} files, expected ${input.path} and ${output.path} as published`};
}
