import {describe, expect, it, vi} from 'vitest';
import {downloadOnce, type OnceTask} from '../../../../src/models/download/download-once.ts';

/** Locks of one origin as the Web Locks API states them, as far as downloads use them. */
function fakeLocks(): Pick<LockManager, 'request'> {
  const queues = new Map<string, Promise<unknown>>();
  const request = async (
    name: string,
    {ifAvailable = false, signal}: LockOptions,
    run: (lock: object | null) => Promise<unknown>,
  ): Promise<unknown> => {
    const before = queues.get(name);
    if (ifAvailable && before) return await run(null);
    const turn = (async () => {
      await before?.catch(() => undefined);
      signal?.throwIfAborted();
      return await run({});
    })();
    queues.set(name, turn);
    const free = (): void => {
      if (queues.get(name) === turn) queues.delete(name);
    };
    turn.then(free, free);
    return await turn;
  };
  return {request} as Pick<LockManager, 'request'>;
}

/** A store of one file, and a download that the test lets end. */
function site() {
  const stored: {file?: string} = {};
  const locks = fakeLocks();
  const downloads: {finish: () => void; fail: () => void; tell: (loaded: number) => void}[] = [];
  const task = (change: Partial<OnceTask<string>> = {}): OnceTask<string> => ({
    key: `key-${Math.random()}`,
    find: async () => stored.file,
    download: async (onProgress) => {
      await new Promise<void>((resolve, reject) => {
        downloads.push({
          finish: resolve,
          fail: () => reject(new Error('lost')),
          tell: (loaded) => onProgress(loaded, 100),
        });
      });
      return (stored.file = 'the file');
    },
    signal: new AbortController().signal,
    onProgress: () => undefined,
    locks,
    ...change,
  });
  return {stored, downloads, task};
}

describe('a download for all tabs', () => {
  it('is none where the file is stored', async () => {
    const {stored, downloads, task} = site();
    stored.file = 'the stored one';
    expect(await downloadOnce(task())).toBe('the stored one');
    expect(downloads).toEqual([]);
  });

  it('is done by the first; the second waits, hears of it, and finds the file', async () => {
    const {downloads, task} = site();
    const [onProgress, onWaiting] = [vi.fn(), vi.fn()];
    const first = downloadOnce(task({key: 'a'}));
    await vi.waitFor(() => expect(downloads).toHaveLength(1));
    const second = downloadOnce(task({key: 'a', onProgress, onWaiting}));
    await vi.waitFor(() => expect(onWaiting).toHaveBeenCalled());
    downloads[0]!.tell(40);
    await vi.waitFor(() => expect(onProgress).toHaveBeenLastCalledWith(40, 100));
    downloads[0]!.finish();
    expect(await Promise.all([first, second])).toEqual(['the file', 'the file']);
    expect(downloads).toHaveLength(1);
  });

  it('is gone on with by the second where the first fails', async () => {
    const {downloads, task} = site();
    const first = downloadOnce(task({key: 'b'}));
    await vi.waitFor(() => expect(downloads).toHaveLength(1));
    const second = downloadOnce(task({key: 'b'}));
    downloads[0]!.fail();
    await expect(first).rejects.toThrow('lost');
    await vi.waitFor(() => expect(downloads).toHaveLength(2));
    downloads[1]!.finish();
    expect(await second).toBe('the file');
  });

  it('is waited for no longer than the second wants', async () => {
    const {downloads, task} = site();
    const first = downloadOnce(task({key: 'c'}));
    await vi.waitFor(() => expect(downloads).toHaveLength(1));
    const signal = AbortSignal.abort(new Error('enough'));
    const second = downloadOnce(task({key: 'c', signal}));
    downloads[0]!.finish();
    await expect(second).rejects.toThrow('enough');
    await first;
  });

  it('does not keep another file waiting', async () => {
    const {downloads, task} = site();
    const both = [downloadOnce(task({key: 'd'})), downloadOnce(task({key: 'e'}))];
    await vi.waitFor(() => expect(downloads).toHaveLength(2));
    for (const {finish} of downloads) finish();
    await Promise.all(both);
  });

  it('is done without locks where there are none', async () => {
    const {downloads, task} = site();
    const alone = downloadOnce(task({locks: undefined}));
    await vi.waitFor(() => expect(downloads).toHaveLength(1));
    downloads[0]!.finish();
    expect(await alone).toBe('the file');
  });
});
