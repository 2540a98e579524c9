import type {ProgressFact} from '../protocol/messages.ts';
import {OverallProgress} from './download/overall-progress.ts';
import type {FileLibrary, GetFileOptions, LibraryFile, WantedFile} from './file-library.ts';

/** How far the files of one load are. */
export type FilesProgress = Omit<ProgressFact, 'kind' | 'modelId'>;

/** What is the same for all files of a load. */
export interface LoadFilesOptions extends Pick<GetFileOptions, 'mayBeUnkept' | 'signal'> {
  readonly onProgress: (progress: FilesProgress) => void;
}

/** The files of one load, with one number for all that has to be downloaded. Worker. */
export class LoadFiles {
  readonly #library: FileLibrary;
  readonly #missing: readonly WantedFile[];
  readonly #options: LoadFilesOptions;
  readonly #downloads: OverallProgress;

  private constructor(library: FileLibrary, missing: readonly WantedFile[], options: LoadFilesOptions) {
    this.#library = library;
    this.#missing = missing;
    this.#options = options;
    this.#downloads = new OverallProgress(
      missing.map(({file}) => file),
      {
        onProgress: (numbers) => {
          options.onProgress({phase: 'download', ...numbers});
        },
      },
    );
  }

  /** Looks which of the files of a load are missing. No request is made. */
  static async plan(
    library: FileLibrary,
    wanted: readonly WantedFile[],
    options: LoadFilesOptions,
  ): Promise<LoadFiles> {
    return new LoadFiles(library, await findMissing(library, wanted), options);
  }

  /** Whether a file was not in storage when this was planned. */
  isMissing(wanted: WantedFile): boolean {
    return this.#missing.includes(wanted);
  }

  /**
   * Gets one of the files that were planned.
   * @throws as `FileLibrary.get`.
   */
  async get(
    wanted: WantedFile,
    taken: Pick<GetFileOptions, 'allowUnverified' | 'maxBytes'> = {},
  ): Promise<LibraryFile> {
    const {onProgress, ...options} = this.#options;
    const {name, bytes = 0} = wanted.file;
    const onDownload = this.isMissing(wanted)
      ? this.#downloads.of(name)
      : (loadedBytes: number, totalBytes: number): void => {
          // was stored when this was planned, and is not what it should be
          onProgress({phase: 'download', loadedBytes, totalBytes});
        };
    const onVerify = (loadedBytes: number, totalBytes: number): void => {
      onProgress({phase: 'verify', loadedBytes, totalBytes});
    };
    const file = await this.#library.get(wanted, {...options, ...taken, onDownload, onVerify});
    onProgress({phase: 'verify', loadedBytes: file.blob.size, totalBytes: bytes});
    return file;
  }
}

/** Those of the files that are not in storage. Worker; no request is made. */
export async function findMissing(
  library: FileLibrary,
  wanted: readonly WantedFile[],
): Promise<readonly WantedFile[]> {
  const found = await Promise.all(wanted.map((one) => library.find(one)));
  return wanted.filter((_, index) => found[index] === undefined);
}
