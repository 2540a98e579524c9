import {mkdtemp, open, rm, type FileHandle} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {SizedRandomAccess} from '../formats/random-access.ts';

/** An open file as one that is read where it is asked for, whatever its length. */
export async function accessFile(handle: FileHandle): Promise<SizedRandomAccess> {
  const {size} = await handle.stat();
  return {
    sizeBytes: size,
    read: async (position, length) => {
      const {buffer, bytesRead} = await handle.read({buffer: new Uint8Array(length), position});
      return buffer.subarray(0, bytesRead);
    },
  };
}

/** Runs a step on an open file, which is closed whatever becomes of it. */
export async function withFile<Value>(
  path: string,
  flags: 'r' | 'w+',
  step: (handle: FileHandle) => Promise<Value>,
): Promise<Value> {
  const handle = await open(path, flags);
  try {
    return await step(handle);
  } finally {
    await handle.close();
  }
}

/** Runs a step that needs a folder for a while, which is removed whatever becomes of it. */
export async function withTemporaryFolder<Value>(step: (folder: string) => Promise<Value>): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-'));
  try {
    return await step(folder);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}
