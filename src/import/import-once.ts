import {FileInUseError} from '../models/storage/file-locks.ts';
import type {ModelStore} from '../models/storage/model-store.ts';
import {StorageFullError} from '../models/storage/storage-full-error.ts';
import {BlobSink} from './blob-sink.ts';
import {importCheckpoint, verifyCheckpoint, type ImportRequest} from './import-checkpoint.ts';
import {networkOf} from './imported-network.ts';
import {readKeptImport, type SourcedNetwork} from './kept-import.ts';
import {StoreSink} from './store-sink.ts';

/**
 * Imports a checkpoint and keeps the network, or opens the one that was kept on an earlier visit: the checkpoint is only
 * digested then. Where there is no room to keep it, or another tab is keeping it right now, it is imported for this
 * worker alone. Worker.
 * @throws as `importCheckpoint`.
 */
export async function importOnce(
  request: Omit<ImportRequest, 'sink' | 'source'>,
  store: ModelStore,
): Promise<SourcedNetwork> {
  const {system, precision, allowUnverified, onProgress, signal} = request;
  const source = await verifyCheckpoint(request);
  const origin = {sha256: source.sha256, precision};
  const kept = await readKeptImport(store, origin, {
    pinned: {id: system.card.id, accepted: system.card.weights.accepted},
    allowUnverified,
    onProgress: (doneBytes, totalBytes) => onProgress?.({phase: 'verify', doneBytes, totalBytes}),
    signal,
  });
  if (kept) return kept;
  const importInto = async (sink: BlobSink | StoreSink): Promise<SourcedNetwork> => {
    const manifest = await importCheckpoint({...request, source, sink});
    return {source, network: await networkOf(manifest, sink.files)};
  };
  try {
    return await importInto(new StoreSink(store, origin, system.card.id));
  } catch (error) {
    if (!(error instanceof StorageFullError || error instanceof FileInUseError)) throw error;
    return await importInto(new BlobSink());
  }
}
