import type {ModelStore, StoredFile} from '../models/storage/model-store.ts';
import {sha256Hex, type PinnedFile} from '../models/verify-weights.ts';
import type {NumericsChoice} from '../protocol/messages.ts';
import {markOf} from './import-origin.ts';
import {MANIFEST_FILE, type Manifest} from './manifest.ts';
import {precisionOf} from './precision-of.ts';
import {readManifest} from './read-manifest.ts';

/**
 * Looks whether a network is in storage that this version of Earshot has imported from one of the checkpoints of a card.
 * Only manifests are read: what the card lists beside a SHA-256 was compared when the checkpoint was imported. Worker.
 * @returns its manifest; undefined where there is none.
 * @throws RangeError where imported networks do not have the numerics.
 */
export async function findKeptImport(
  store: ModelStore,
  {id, accepted}: PinnedFile,
  numerics: NumericsChoice,
): Promise<Manifest | undefined> {
  const wanted = precisionOf(numerics);
  for (const entry of await store.list()) {
    if (entry.systemId !== id || entry.name !== MANIFEST_FILE || entry.madeFrom === undefined) continue;
    const manifest = await readStored(store, entry);
    if (!manifest) continue;
    const {source, precision} = manifest;
    const isListed = source.verified || accepted.some(({sha256}) => sha256 === source.sha256);
    if (isListed && precision === wanted && entry.madeFrom === markOf({...source, precision}))
      return manifest;
  }
  return undefined;
}

/** Undefined where it has changed in storage, or is gone: who imports again notices. */
async function readStored(store: ModelStore, {sha256}: StoredFile): Promise<Manifest | undefined> {
  const blob = await store.find(sha256);
  const bytes = blob && new Uint8Array(await blob.arrayBuffer());
  const isSame = bytes && (await sha256Hex(bytes)) === sha256;
  return isSame ? readManifest(new TextDecoder().decode(bytes)) : undefined;
}
