import type {StoredFile} from './model-store.ts';
import {isNamed} from './storage-backend.ts';
import {StorageFullError} from './storage-full-error.ts';

/** What a step needs that writes. */
export interface Need {
  readonly neededBytes: number;
  /** Looks up what could be removed, in the order in which to do so. */
  readonly listRemovable: () => Promise<readonly StoredFile[]>;
}

/** What a browser says of the room that a site has. */
export type RoomEstimate = Pick<Awaited<ReturnType<StorageManager['estimate']>>, 'usage' | 'quota'>;

/**
 * Checks that there is room, as far as the browser says.
 * @throws StorageFullError
 */
export async function checkRoom(
  {usage, quota}: RoomEstimate,
  {neededBytes, listRemovable}: Need,
): Promise<void> {
  if (usage === undefined || quota === undefined) return;
  const freeBytes = Math.max(0, quota - usage);
  if (neededBytes <= freeBytes) return;
  throw new StorageFullError({neededBytes, freeBytes, removable: await listRemovable()});
}

/**
 * Takes a step that writes, and says what it means where the browser refuses for want of room.
 * @throws StorageFullError; whatever else the step throws.
 */
export async function writeWithin<Value>(
  step: () => Promise<Value>,
  {neededBytes, listRemovable}: Need,
): Promise<Value> {
  try {
    return await step();
  } catch (cause) {
    if (!isNamed(cause, 'QuotaExceededError')) throw cause;
    const shortage = {neededBytes, freeBytes: undefined, removable: await listRemovable()};
    throw new StorageFullError(shortage, {cause});
  }
}
