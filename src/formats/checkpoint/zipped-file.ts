import {ModelFormatError} from '../../graph/model-format-error.ts';
import type {SizedRandomAccess} from '../random-access.ts';
import {printable} from './pickle-values.ts';
import {InflatedEntry} from './inflated-entry.ts';
import {openZipEntry, type ZipEntry} from './zip-directory.ts';

/**
 * Puts bytes that come in order where they can be read from anywhere.
 * @param sizeBytes how many will come at most.
 */
export type KeepInflated = (
  inflated: ReadableStream<Uint8Array>,
  sizeBytes: number,
) => Promise<SizedRandomAccess>;

const CHECKPOINT_NAME = /\.(pth|pt|bin|ckpt|tar|safetensors)$/i;
/** Weights are nearly random: what shrinks to less than a hundredth holds none. */
const RATIO_LIMIT = 100;
const SMALL_BYTES = 2 ** 20;

/**
 * The one checkpoint in a ZIP: as it lies there where it is stored, kept by `keepInflated` where it is deflated.
 * @throws ModelFormatError where there is none or a choice, where it does not inflate to the size that the ZIP says,
 *   or where that size is not one of weights.
 */
export async function openZippedFile(
  file: SizedRandomAccess,
  entries: ReadonlyMap<string, ZipEntry>,
  keepInflated: KeepInflated,
): Promise<SizedRandomAccess> {
  const entry = chooseEntry([...entries.values()]);
  const stored = await openZipEntry(file, entry);
  if (entry.method === 'stored') return stored;
  if (entry.sizeBytes > RATIO_LIMIT * entry.storedBytes + SMALL_BYTES) {
    throw new ModelFormatError(
      `${entry.sizeBytes} bytes deflated to ${entry.storedBytes}`,
      `at most ${RATIO_LIMIT} times as many`,
    );
  }
  const inflated = new InflatedEntry(stored, entry);
  try {
    return await keepInflated(inflated.stream, entry.sizeBytes);
  } catch (error) {
    throw inflated.failure ?? error; // a Blob that cannot be made does not tell why in every browser
  }
}

function chooseEntry(all: readonly ZipEntry[]): ZipEntry {
  const visible = all.filter(({name}) => !/(^|\/)(\.|__MACOSX\/)/.test(name));
  const candidates = visible.length === 1 ? visible : visible.filter(({name}) => CHECKPOINT_NAME.test(name));
  const [entry] = candidates;
  if (entry !== undefined && candidates.length === 1) return entry;
  const names = visible.slice(0, 8).map(({name}) => printable(name));
  throw new ModelFormatError(
    `a ZIP of ${visible.length} files (${names.join(', ')})`,
    'one checkpoint in it',
  );
}
