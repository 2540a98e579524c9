import {downloadFile} from '../src/models/download/download-file.ts';
import {FileLibrary} from '../src/models/file-library.ts';
import {openModelStore} from '../src/models/storage/open-model-store.ts';
import type {ChoiceStorage} from './choice-memory.ts';

/** What a worker has to keep files in. */
export interface WorkerStorage extends ChoiceStorage {
  /** Absent in insecure contexts, as the next one. */
  readonly files?: StorageManager | undefined;
  readonly locks?: LockManager | undefined;
}

/** Opens the files of models on this device, in the best storage that there is. Worker. */
export async function openLibrary({files, locks, caches, baseUrl}: WorkerStorage): Promise<FileLibrary> {
  const nothing = {storage: undefined, caches: undefined, locks: undefined, baseUrl};
  return new FileLibrary({
    store: await openModelStore({storage: files, caches, locks, baseUrl}),
    openMemory: () => openModelStore(nothing),
    download: downloadFile,
    locks,
  });
}
