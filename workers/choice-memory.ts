import type {ChoiceMemory, KeptChoice} from '../src/engine/choice/choose-once.ts';
import {settleWithin} from '../src/engine/settle-within.ts';

/** Name of the cache that holds the choices of engines. */
const CACHE_NAME = 'earshot-engine-choice';

/** Storage that takes longer than this is done without: the visitor waits. */
const PATIENCE_MS = 250;

/** Where choices are kept, and what this device is. */
export interface ChoiceStorage {
  /** The thread's CacheStorage: absent in insecure contexts, rejecting where the visitor denies storage. */
  readonly caches: Pick<CacheStorage, 'open'> | undefined;
  /** Any URL of this origin; entries are named by its query. Nothing is ever fetched from there. */
  readonly baseUrl: string;
  /** What a measurement holds for: the browser and its version, the processor. */
  readonly device: string;
}

/** Remembers nothing. */
export const noChoiceMemory: ChoiceMemory = {
  recall: () => Promise.resolve(undefined),
  keep: () => Promise.resolve(),
};

interface Entry {
  readonly circumstances: string;
  readonly choice: KeptChoice;
}

/**
 * The memory of one network's choice, in the origin's cache: no request is made, and where storage is denied, broken
 * or does not answer nothing is remembered. Worker.
 * @param storage of this thread.
 * @param network names the network; a choice under other circumstances takes its place.
 * @param circumstances all that the choice depends on beside the device.
 */
export function openChoiceMemory(
  {caches, baseUrl, device}: ChoiceStorage,
  network: string,
  circumstances: readonly unknown[],
): ChoiceMemory {
  if (!caches) return noChoiceMemory;
  const url = new URL(`?${encodeURIComponent(network)}`, baseUrl).href;
  const key = JSON.stringify([device, ...circumstances]);
  return {
    recall: () =>
      orNothing(async () => {
        const response = await (await caches.open(CACHE_NAME)).match(url);
        const entry = (await response?.json()) as Entry | undefined;
        return entry?.circumstances === key ? entry.choice : undefined;
      }),
    keep: (choice) =>
      orNothing(async () => {
        const entry: Entry = {circumstances: key, choice};
        await (await caches.open(CACHE_NAME)).put(url, Response.json(entry));
      }),
  };
}

async function orNothing<Value>(step: () => Promise<Value>): Promise<Value | undefined> {
  const onTimeout = (): Error => new Error(`no answer within ${PATIENCE_MS} ms`);
  return await settleWithin(step(), {timeoutMs: PATIENCE_MS, onTimeout}).catch(() => undefined);
}
