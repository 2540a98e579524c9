import {SpeechError} from '../../protocol/speech-error.ts';

/** A file that is still open after this long is in use: a closing tab lets go of its files within a second. */
const PATIENCE_MS = 5000;

/** How often to look whether it is free. */
const RETRY_MS = 50;

/** A file that another worker keeps open: a defect of whoever lets two write one file. */
export class FileInUseError extends SpeechError {
  constructor(name: string) {
    const got = `the model file ${name} held open by another worker for ${PATIENCE_MS} ms`;
    super('internal', `got ${got}, expected one worker at a time`);
    this.name = 'FileInUseError';
  }
}

/** Locks a file and gives what unlocks it; undefined where it is locked. Whoever ends unlocks. */
export type TryLock = (name: string) => Promise<(() => void) | undefined>;

/** Locks for the workers of all tabs. */
export function sharedLocks(locks: Pick<LockManager, 'request'>): TryLock {
  return async (name) =>
    await new Promise((resolve, reject) => {
      const hold = async (lock: Lock | null): Promise<void> => {
        if (!lock) resolve(undefined);
        else await new Promise<void>((unlock) => resolve(unlock));
      };
      locks.request(`earshot-file-${name}`, {ifAvailable: true}, hold).catch(reject);
    });
}

/** Locks for this worker alone. */
export function ownLocks(): TryLock {
  const locked = new Set<string>();
  return async (name) => {
    if (locked.has(name)) return undefined;
    locked.add(name);
    return () => locked.delete(name);
  };
}

/**
 * Tries until it succeeds: a second worker has to wait for the first.
 * @param step gives undefined where the file is in use.
 * @throws FileInUseError where that lasts.
 */
export async function whenFree<Value>(name: string, step: () => Promise<Value | undefined>): Promise<Value> {
  for (let waitedMs = 0; waitedMs <= PATIENCE_MS; waitedMs += RETRY_MS) {
    const value = await step();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  throw new FileInUseError(name);
}
