import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {describeAccepted, verifyWeights, type WeightsInfo} from '../models/verify-weights.ts';
import type {SystemCard} from '../systems/card.ts';
import {CliError, namingFile} from './cli-error.ts';

/** Where the built-in models lie, seen from src/cli in the repository and from dist/cli in the package. */
const MODEL_BASES = ['../../public/models/', '../package/models/'].map(
  (path) => new URL(path, import.meta.url),
);

/** A weights file that may be parsed. */
export interface FoundWeights extends WeightsInfo {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a system's weights, from the user's file or the built-in ones, and checks their digest.
 * @throws CliError where the file cannot be read, or the system has no built-in one: says where to get it.
 * @throws CliError with code `model-integrity` where the card does not accept the digest.
 */
export async function findWeights(
  card: SystemCard,
  file: string | undefined,
  {allowUnverified}: {readonly allowUnverified: boolean},
): Promise<FoundWeights> {
  const path = file ?? findBuiltIn(card);
  return await namingFile(path, async () => {
    const bytes = new Uint8Array(await readFile(path));
    return {file: path, bytes, ...(await verifyWeights(card, bytes, {allowUnverified}))};
  });
}

function findBuiltIn({id, weights}: SystemCard): string {
  const {builtInPath, homePage, name} = weights;
  if (builtInPath !== undefined) {
    const candidates = MODEL_BASES.map((base) => fileURLToPath(new URL(builtInPath, base)));
    const found = candidates.find((candidate) => existsSync(candidate));
    if (found !== undefined) return found;
    throw new CliError(`${id}: got no built-in weights, expected them at ${candidates.join(' or ')}`);
  }
  const where = homePage === undefined ? '' : `, published at ${homePage}`;
  throw new CliError(
    `${id}: got no --weights, expected ${name}: ${describeAccepted(weights.accepted)}${where}`,
  );
}
