import {downloadFile} from '../../src/models/download/download-file.ts';
import {FileLibrary, type FileLibraryParts} from '../../src/models/file-library.ts';
import {BackedModelStore} from '../../src/models/storage/backed-model-store.ts';
import {ownLocks} from '../../src/models/storage/file-locks.ts';
import {memoryBlobs} from '../../src/models/storage/keyed-blobs.ts';
import type {ModelStore} from '../../src/models/storage/model-store.ts';
import {PiecesBackend} from '../../src/models/storage/pieces-backend.ts';

/** A store that is gone after the test. */
export function memoryStore(): ModelStore {
  return new BackedModelStore(new PiecesBackend('memory', memoryBlobs(), ownLocks()));
}

/** A library in memory; downloads go to `fetch`, which tests replace. */
export function memoryLibrary(parts: Partial<FileLibraryParts> = {}): FileLibrary {
  return new FileLibrary({
    store: memoryStore(),
    openMemory: async () => memoryStore(),
    download: downloadFile,
    locks: undefined,
    ...parts,
  });
}
