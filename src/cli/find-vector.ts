import {existsSync} from 'node:fs';
import {readdir, readFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {readInt8Npy} from '../formats/npy.ts';
import {sha256Hex} from '../models/verify-weights.ts';
import type {TestVector} from '../pipeline/self-test.ts';
import type {PublishedArray, PublishedVector} from '../systems/card.ts';
import {CliError, namingFile} from './cli-error.ts';

/** Where a published vector may be. */
export interface VectorPlaces {
  readonly weightsFile: string;
  /** A folder that has the two .npy files under any name: found by the digest of their values. */
  readonly vectors?: string | undefined;
}

/**
 * Reads a published vector, from where it lies beside the weights as published or from the user's folder, and checks its
 * digests.
 * @returns undefined where there is none beside the weights and no folder was named.
 * @throws CliError where the named folder cannot be read or has it not.
 */
export async function findVector(
  {input, output}: PublishedVector,
  {weightsFile, vectors}: VectorPlaces,
): Promise<TestVector | undefined> {
  const candidatesFor = async ({path}: PublishedArray): Promise<readonly string[]> => {
    if (vectors === undefined) return [join(dirname(weightsFile), path)].filter(existsSync);
    const names = await namingFile(vectors, () => readdir(vectors));
    return names.filter((name) => name.endsWith('.npy')).map((name) => join(vectors, name));
  };
  const inputValues = await firstAccepted(await candidatesFor(input), input);
  const outputValues = await firstAccepted(await candidatesFor(output), output);
  if (inputValues && outputValues) return {input: inputValues, output: outputValues};
  if (vectors === undefined) return undefined;
  throw new CliError(
    `${vectors}: got no published vector, expected .npy files whose values have SHA-256 ${input.sha256} and ${output.sha256}`,
  );
}

/** The values of the first file that has the digest. */
async function firstAccepted(
  paths: readonly string[],
  {sha256}: PublishedArray,
): Promise<Int8Array | undefined> {
  for (const path of paths) {
    const values = await namingFile(path, async () => readInt8Npy(new Uint8Array(await readFile(path))));
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.length);
    if ((await sha256Hex(bytes)) === sha256) return values;
  }
  return undefined;
}
