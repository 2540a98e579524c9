import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {readImported, type ImportedNetwork, type ReadFilesOptions} from '../import/imported-network.ts';
import {MANIFEST_FILE, type Manifest} from '../import/manifest.ts';
import {readManifest} from '../import/read-manifest.ts';
import type {SystemCard} from '../systems/card.ts';
import {namingFile} from './cli-error.ts';

/** What a folder that `earshot import` wrote has in it. */
export interface ImportedFolder {
  readonly manifest: Manifest;
  readonly network: ImportedNetwork;
}

/**
 * Reads a folder that `earshot import` wrote; each file is compared with the manifest first.
 * @throws CliError with the code of what `readManifest` and `readImported` throw.
 */
export async function readImportedFolder(
  folder: string,
  card: SystemCard,
  options: Pick<ReadFilesOptions, 'allowUnverified' | 'numerics'>,
): Promise<ImportedFolder> {
  const path = join(folder, MANIFEST_FILE);
  const manifest = await namingFile(path, async () => readManifest(await readFile(path, 'utf8')));
  const network = await namingFile(folder, () =>
    readImported(manifest, {
      ...options,
      pinned: {id: card.id, accepted: card.weights.accepted},
      read: async (file) =>
        await namingFile(join(folder, file.path), () => readFile(join(folder, file.path))),
    }),
  );
  return {manifest, network};
}
