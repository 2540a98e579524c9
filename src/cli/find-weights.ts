import {existsSync} from 'node:fs';
import {readdir, readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describeAccepted, sha256Hex, verifyWeights, type WeightsInfo} from '../models/verify-weights.ts';
import type {SystemCard, SystemFile} from '../systems/card.ts';
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

/** Where the user says that weights are, and whether others than the card's may run. */
export interface WeightsChoice {
  /** The file itself. */
  readonly weights?: string | undefined;
  /** A folder that has the file under any name; for systems without built-in weights. */
  readonly models?: string | undefined;
  readonly allowUnverified: boolean;
}

/**
 * Reads a system's weights, from the user's file, the built-in ones or the user's folder, and checks their digest.
 * @throws CliError where the file or folder cannot be read, or the system's file is in neither: says where to get it.
 * @throws CliError with code `model-integrity` where the card does not accept the digest.
 */
export async function findWeights(
  card: SystemCard,
  {weights, models, allowUnverified}: WeightsChoice,
): Promise<FoundWeights> {
  const path = weights ?? findBuiltIn(card) ?? (await findInFolder(card, models, isAccepted));
  return await namingFile(path, async () => {
    const bytes = new Uint8Array(await readFile(path));
    return {
      file: path,
      bytes,
      ...(await verifyWeights({id: card.id, accepted: card.weights.accepted}, bytes, {allowUnverified})),
    };
  });
}

/** The system's own file; undefined where it has none built in. */
function findBuiltIn({id, weights: {builtInPath}}: SystemCard): string | undefined {
  return builtInPath === undefined ? undefined : findBuiltInFile(id, builtInPath);
}

/**
 * A file that is part of this project, by its path below the folder of the built-in models.
 * @throws CliError where it is in none of the places where that folder may be.
 */
export function findBuiltInFile(id: string, builtInPath: string): string {
  const candidates = MODEL_BASES.map((base) => fileURLToPath(new URL(builtInPath, base)));
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found !== undefined) return found;
  throw new CliError(`${id}: got no built-in weights, expected them at ${candidates.join(' or ')}`);
}

/**
 * The first file of the user's folder, by name, that is the one wanted.
 * @param alternative what else may be given, to be told where it is not there.
 * @throws CliError where there is none, or no folder: says where to get it.
 */
export async function findInFolder(
  {id, weights}: SystemCard,
  folder: string | undefined,
  isWanted: (path: string, weights: SystemFile) => Promise<boolean>,
  alternative = '',
): Promise<string> {
  if (folder !== undefined) {
    const names = await namingFile(folder, () => readdir(folder));
    for (const path of names.toSorted().map((name) => join(folder, name))) {
      if (await namingFile(path, () => isWanted(path, weights))) return path;
    }
  }
  const {homePage, name, accepted} = weights;
  const got = folder === undefined ? 'no --weights or --models' : `no such file in ${folder}`;
  const file = accepted.length === 0 ? '' : `: ${describeAccepted(accepted)}`;
  const where = homePage === undefined ? '' : `, published at ${homePage}`;
  throw new CliError(`${id}: got ${got}, expected ${name}${file}${where}${alternative}`);
}

/** Whether this is a file of an accepted size. */
export async function hasAcceptedSize(path: string, {accepted}: SystemFile): Promise<boolean> {
  const status = await stat(path);
  return status.isFile() && accepted.some(({bytes}) => bytes === status.size);
}

/** Whether this is a file with an accepted digest, since publishers' names differ from copies'. */
async function isAccepted(path: string, weights: SystemFile): Promise<boolean> {
  if (!(await hasAcceptedSize(path, weights))) return false;
  const sha256 = await sha256Hex(new Uint8Array(await readFile(path)));
  return weights.accepted.some((digest) => digest.sha256 === sha256);
}
