import {findKeptImport} from '../src/import/find-kept-import.ts';
import {MANIFEST_FILE, type Manifest} from '../src/import/manifest.ts';
import {readManifest} from '../src/import/read-manifest.ts';
import type {SystemCard} from '../src/models/catalogue.ts';
import type {FileLibrary, WantedFile} from '../src/models/file-library.ts';
import {inSiteFolder, locateImported, locateWeights} from '../src/models/locate-files.ts';
import type {ModelPlaces} from '../src/protocol/model-messages.ts';
import type {NetworkRequest} from './network-loader.ts';

/** How a manifest is got: it is nothing beside the files that it names, a handful, so more than this is none. */
const OF_MANIFEST = {
  maxBytes: 1024 * 1024,
  onDownload: (): void => undefined,
  onVerify: (): void => undefined,
};

/** Where the network of a system comes from that is published as a checkpoint. */
export type CheckpointSource =
  /** The visitor's own checkpoint. */
  | {readonly kind: 'own'; readonly blob: Blob}
  /** What the site has imported, or had when it was last asked. */
  | {readonly kind: 'imported'; readonly manifest: Manifest; readonly files: readonly WantedFile[]}
  /** The checkpoint as it is published, or what was imported of it on an earlier visit. */
  | {
      readonly kind: 'published';
      readonly checkpoint: WantedFile;
      /** SHA-256 of the one that was imported: then there is no file to get. */
      readonly keptSha256: string | undefined;
      readonly files: readonly WantedFile[];
      readonly siteError: Error;
    };

/**
 * Looks where a system's network may be had: imported, as the site has it in `<folder>/<id>/`, else as it is published.
 * Worker. The site is asked each time, for its manifest alone, because it may have imported the network anew; without a
 * connection the manifest holds that was there before.
 * @param places with the numerics that the network must have, where they are asked for.
 * @throws ModelFormatError where the site's manifest is none; the signal's reason where it aborts.
 */
export async function findCheckpoint(
  card: SystemCard,
  places: ModelPlaces & Pick<NetworkRequest, 'numerics'>,
  library: FileLibrary,
  signal: AbortSignal,
): Promise<Exclude<CheckpointSource, {readonly kind: 'own'}>> {
  try {
    const {blob} = await library.getNewest(siteManifestOf(card, places), {signal, ...OF_MANIFEST});
    const manifest = readManifest(await blob.text());
    return {kind: 'imported', manifest, files: filesOf(manifest, card, places)};
  } catch (error) {
    signal.throwIfAborted();
    if (!isOfDownload(error)) throw error;
    const checkpoint = {file: locateWeights(card, places), modelId: card.id};
    const kept = await findKept(card, library, places.numerics);
    const keptSha256 = kept?.source.sha256;
    const files = kept ? [] : [checkpoint];
    return {kind: 'published', checkpoint, keptSha256, files, siteError: error};
  }
}

/**
 * The files of the network of a system that is published as a checkpoint, as they are to be on this device: those that
 * the site has imported, as its manifest said when it was last asked, else those that were imported here. Worker; nothing
 * is fetched.
 * @returns none where neither is here; without addresses what was imported here.
 * @throws the signal's reason where it aborts.
 */
export async function findFilesHere(
  card: SystemCard,
  places: ModelPlaces,
  library: FileLibrary,
  signal: AbortSignal,
): Promise<readonly WantedFile[]> {
  const stored = await library.open(siteManifestOf(card, places), {signal, ...OF_MANIFEST});
  if (stored) return filesOf(readManifest(await stored.blob.text()), card, places);
  const kept = await findKept(card, library);
  if (!kept) return [];
  return filesOf(kept, card, places).map(({file, modelId}) => ({file: {...file, urls: []}, modelId}));
}

function siteManifestOf({id}: SystemCard, places: ModelPlaces): WantedFile {
  const urls = [inSiteFolder(`${id}/${MANIFEST_FILE}`, places)];
  return {file: {name: MANIFEST_FILE, urls, accepted: []}, modelId: id};
}

function filesOf({files}: Manifest, {id}: SystemCard, places: ModelPlaces): readonly WantedFile[] {
  return files.map((file) => ({file: locateImported(id, file, places), modelId: id}));
}

async function findKept(
  {id, weights, defaults}: SystemCard,
  {store}: FileLibrary,
  numerics: NetworkRequest['numerics'] = defaults.numerics,
): Promise<Manifest | undefined> {
  return await findKeptImport(store, {id, accepted: weights.accepted}, numerics);
}

/** Whether the site does not have, or does not give, what it was asked for. */
function isOfDownload(error: unknown): error is Error {
  if (!(error instanceof Error && 'code' in error)) return false;
  return error.code === 'network' || error.code === 'model-integrity' || error.code === 'csp-blocked';
}
