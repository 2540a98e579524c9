import {downloadFile, type KnownFile} from '../../src/models/download/download-file.ts';
import {downloadKey} from '../../src/models/download/download-key.ts';
import {downloadOnce} from '../../src/models/download/download-once.ts';
import type {RetryOptions} from '../../src/models/download/retry.ts';
import {computeDigests} from '../../src/models/file-digests.ts';
import type {ModelFile} from '../../src/models/model-file.ts';
import type {ModelStore} from '../../src/models/storage/model-store.ts';
import {openModelStore} from '../../src/models/storage/open-model-store.ts';
import {randomAccessOf} from '../../src/formats/random-access.ts';
import {toErrorReport, type ErrorReport} from '../../src/protocol/speech-error.ts';

/** What the worker is asked to have. */
export interface DownloadTask {
  readonly file: ModelFile;
  readonly retry?: RetryOptions | undefined;
}

/** What it tells: facts as they come, and one end. */
export type DownloadFact =
  | {readonly kind: 'progress'; readonly loadedBytes: number; readonly totalBytes: number}
  | {readonly kind: 'waiting'}
  /** The digest is that of what storage gives; `verified` says this tab's download, undefined where it did none. */
  | {readonly kind: 'done'; readonly sha256: string; readonly verified: boolean | undefined}
  /** With what storage holds then: whole files and beginnings. */
  | {readonly kind: 'failed'; readonly error: ErrorReport; readonly storedBytes: number};

const tell = (fact: DownloadFact): void => self.postMessage(fact);
const controller = new AbortController();

async function have({file, retry}: DownloadTask, store: ModelStore): Promise<void> {
  let known: KnownFile | undefined;
  const [accepted] = file.accepted;
  const {signal} = controller;
  const blob = await downloadOnce<Blob>({
    key: downloadKey(file),
    find: async () => (accepted?.sha256 === undefined ? undefined : await store.find(accepted.sha256)),
    download: async (onProgress) => {
      const partial = await store.openPartial(downloadKey(file), file.bytes);
      try {
        known = await downloadFile(file, partial, {signal, onProgress, retry});
        return await partial.commit({sha256: known.sha256, name: file.name});
      } finally {
        await partial.close();
      }
    },
    signal,
    onProgress: (loadedBytes, totalBytes) => tell({kind: 'progress', loadedBytes, totalBytes}),
    onWaiting: () => tell({kind: 'waiting'}),
    locks: navigator.locks,
  });
  const {sha256} = await computeDigests(randomAccessOf(blob));
  tell({kind: 'done', sha256, verified: known?.verified});
}

async function storedBytes(store: ModelStore): Promise<number> {
  const files = [...(await store.list()), ...(await store.listPartials())];
  return files.reduce((sum, {bytes}) => sum + bytes, 0);
}

self.onmessage = async ({data}: MessageEvent<DownloadTask | 'abort'>) => {
  if (data === 'abort') {
    controller.abort(new DOMException('enough', 'AbortError'));
    return;
  }
  const {storage} = navigator;
  const baseUrl = self.location.href;
  const store = await openModelStore({storage, caches, locks: navigator.locks, baseUrl});
  await have(data, store).catch(async (error: unknown) => {
    tell({kind: 'failed', error: toErrorReport(error), storedBytes: await storedBytes(store)});
  });
};
