import {existsSync} from 'node:fs';
import {stat} from 'node:fs/promises';
import {join} from 'node:path';
import type {Numerics} from '../engine/engine.ts';
import {MANIFEST_FILE} from '../import/manifest.ts';
import {precisionOf} from '../import/precision-of.ts';
import type {SystemCard} from '../systems/card.ts';
import type {CheckpointSystem} from '../systems/transcription-system.ts';
import {namingFile} from './cli-error.ts';
import {withTemporaryFolder} from './file-access.ts';
import {findInFolder, hasAcceptedSize, type WeightsChoice} from './find-weights.ts';
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
async function findInModels(card: SystemCard, folder: string | undefined): Promise<string> {
  if (folder !== undefined && existsSync(join(folder, card.id, MANIFEST_FILE))) return join(folder, card.id);
  return findInFolder(card, folder, hasAcceptedSize, '; or a folder that earshot import made of it');
}
