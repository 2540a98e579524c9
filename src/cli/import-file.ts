import {basename, join} from 'node:path';
import type {Precision} from '../graph/precision.ts';
import {importCheckpoint, type ImportProgress} from '../import/import-checkpoint.ts';
import type {Manifest} from '../import/manifest.ts';
import type {CheckpointSystem} from '../systems/transcription-system.ts';
import {namingFile} from './cli-error.ts';
import {accessFile, withFile, withTemporaryFolder} from './file-access.ts';
import {FolderSink} from './folder-sink.ts';

/** Which checkpoint becomes what, and where. */
export interface ImportFileRequest {
  readonly file: string;
  readonly system: CheckpointSystem;
  readonly precision: Precision;
  /** The folder for the imported network. */
  readonly out: string;
  readonly allowUnverified: boolean;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

/**
 * Imports a checkpoint from a file into a folder. An interrupt (Ctrl+C) leaves nothing half-made behind.
 * @throws CliError with the code of what `importCheckpoint` throws.
 */
export async function importFile({file, out, ...request}: ImportFileRequest): Promise<Manifest> {
  const interrupted = new AbortController();
  const onInterrupt = (): void => {
    interrupted.abort(new Error('interrupted'));
  };
  process.once('SIGINT', onInterrupt);
  try {
    return await namingFile(file, () =>
      withInflated(async (keepInflated) =>
        withFile(file, 'r', async (handle) =>
          importCheckpoint({
            ...request,
            file: {...(await accessFile(handle)), name: basename(file)},
            sink: new FolderSink(out),
            keepInflated,
            signal: interrupted.signal,
          }),
        ),
      ),
    );
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

type KeepInflated = NonNullable<Parameters<typeof importCheckpoint>[0]['keepInflated']>;

/** Has a file ready for what comes out of a deflated ZIP: Node keeps a Blob in memory, a file it does not. */
async function withInflated<Value>(step: (keepInflated: KeepInflated) => Promise<Value>): Promise<Value> {
  return await withTemporaryFolder((folder) =>
    withFile(join(folder, 'inflated'), 'w+', (handle) =>
      step(async (inflated) => {
        for await (const piece of inflated) await handle.writeFile(piece);
        return await accessFile(handle);
      }),
    ),
  );
}
