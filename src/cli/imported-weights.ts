import {existsSync} from 'node:fs';
import {readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import type {Numerics} from '../engine/engine.ts';
import {precisionOf} from '../import/imported-network.ts';
import {MANIFEST_FILE} from '../import/manifest.ts';
import {describeAccepted} from '../models/verify-weights.ts';
import type {SystemCard} from '../systems/card.ts';
import type {CheckpointSystem} from '../systems/transcription-system.ts';
import {CliError, namingFile} from './cli-error.ts';
import {withTemporaryFolder} from './file-access.ts';
import type {WeightsChoice} from './find-weights.ts';
import {importFile} from './import-file.ts';
import {readImportedFolder, type ImportedFolder} from './imported-folder.ts';

/** Where the user says that a checkpoint or an imported network is, and the numerics it is to run in. */
export interface ImportedChoice extends WeightsChoice {
  readonly numerics: Numerics | undefined;
}

/** An imported network, and the file or folder that the user named. */
export interface FoundNetwork extends ImportedFolder {
  readonly place: string;
}

/**
 * Reads a network that `earshot import` wrote, or imports a checkpoint for this once, into a folder that is removed
 * again.
 * @throws CliError where nothing is named or found: says where to get it; and with the code of what reading and importing
 * throw.
 */
export async function findImported(system: CheckpointSystem, choice: ImportedChoice): Promise<FoundNetwork> {
  const {card} = system;
  const place = choice.weights ?? (await findInModels(card, choice.models));
  const isFolder = (await namingFile(place, () => stat(place))).isDirectory();
  if (!isFolder) {
    const {numerics = card.defaults.numerics, allowUnverified} = choice;
    return await withTemporaryFolder(async (out) => {
      await importFile({file: place, system, precision: precisionOf(numerics), out, allowUnverified});
      return {place, ...(await readImportedFolder(out, card, {allowUnverified}))};
    });
  }
  return {place, ...(await readImportedFolder(place, card, choice))};
}

/** The folder of an imported network below the user's folder, as for a page, or the checkpoint in it, by its size. */
async function findInModels({id, weights}: SystemCard, folder: string | undefined): Promise<string> {
  if (folder !== undefined) {
    if (existsSync(join(folder, id, MANIFEST_FILE))) return join(folder, id);
    const names = await namingFile(folder, () => readdir(folder));
    for (const path of names.toSorted().map((name) => join(folder, name))) {
      const {size} = await stat(path);
      if (weights.accepted.some(({bytes}) => bytes === size)) return path;
    }
  }
  const {homePage, name, accepted} = weights;
  const got = folder === undefined ? 'no --weights or --models' : `no such file in ${folder}`;
  const file = accepted.length === 0 ? '' : `: ${describeAccepted(accepted)}`;
  const where = homePage === undefined ? '' : `, published at ${homePage}`;
  throw new CliError(
    `${id}: got ${got}, expected ${name}${file}${where}; or a folder that earshot import made of it`,
  );
}
