import {PULSE_MS} from './pause.ts';

/** How far a download is that another tab or worker does. */
interface ProgressNote {
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

/** What to do under the lock. */
export interface OnceTask<Found> {
  /** Names the file among all tabs and workers of the site. */
  readonly key: string;
  /** Looks whether the file is stored; undefined where it is not. */
  readonly find: () => Promise<Found | undefined>;
  /** Downloads and stores it. */
  readonly download: (onProgress: OnceTask<Found>['onProgress']) => Promise<Found>;
  readonly signal: AbortSignal;
  /** Told how far the download is, whoever does it, at least every five seconds. */
  readonly onProgress: (loadedBytes: number, totalBytes: number) => void;
  /** Told that another tab or worker downloads the file. */
  readonly onWaiting?: (() => void) | undefined;
  /** Absent in insecure contexts and Node: then nobody is waited for. */
  readonly locks?: Pick<LockManager, 'request'> | undefined;
}

/**
 * Downloads a file once for all tabs and workers of the site: whoever comes second waits, hears of the first one's
 * progress, and finds the file stored; where the first one fails or is closed, the second one goes on. Worker.
 * @throws the signal's reason where it aborts, else whatever finding and downloading throw.
 */
export async function downloadOnce<Found>(task: OnceTask<Found>): Promise<Found> {
  const {key, find, download, signal, locks} = task;
  const found = await find();
  if (found !== undefined) return found;
  if (!locks) return await download(task.onProgress);
  const name = `earshot-download ${key}`;
  const findOrDownload = async (): Promise<Found> => (await find()) ?? (await tellOthers(name, task));
  const begun = await locks.request(name, {ifAvailable: true}, async (lock) =>
    lock ? {found: await findOrDownload()} : undefined,
  );
  if (begun) return begun.found;
  const stopListening = listenToFirst(name, task);
  // `signal` ends the wait for the lock only, so that what runs under it is told by its own
  return await locks
    .request(name, {signal}, async () => {
      stopListening();
      return await findOrDownload();
    })
    .finally(stopListening);
}

/** Downloads, and tells those who wait how far it is. */
async function tellOthers<Found>(name: string, {download, onProgress}: OnceTask<Found>): Promise<Found> {
  const channel = new BroadcastChannel(name);
  try {
    return await download((loadedBytes, totalBytes) => {
      onProgress(loadedBytes, totalBytes);
      channel.postMessage({loadedBytes, totalBytes} satisfies ProgressNote);
    });
  } finally {
    channel.close();
  }
}

/** Passes on what the one who downloads tells, until the function that it gives is called. */
function listenToFirst<Found>(name: string, {onProgress, onWaiting}: OnceTask<Found>): () => void {
  onWaiting?.();
  let last: ProgressNote = {loadedBytes: 0, totalBytes: 0};
  const tell = (): void => {
    onProgress(last.loadedBytes, last.totalBytes);
  };
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({data}: MessageEvent<ProgressNote>) => {
    last = data;
    tell();
  };
  const pulse = setInterval(tell, PULSE_MS);
  return () => {
    clearInterval(pulse);
    channel.close();
  };
}
