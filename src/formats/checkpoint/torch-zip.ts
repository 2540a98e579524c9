import {ModelFormatError} from '../../graph/model-format-error.ts';
import type {SizedRandomAccess} from '../random-access.ts';
import type {Checkpoint} from './checkpoint.ts';
import {ELEMENT_BYTES} from './element-types.ts';
import {readExactly} from './file-bytes.ts';
import {PickleCursor} from './pickle-cursor.ts';
import {readPickle} from './pickle-machine.ts';
import {readStateDictionary} from './state-dictionary.ts';
import {TORCH_GLOBALS} from './torch-globals.ts';
import {readStorageId, type TorchStorage} from './torch-storage.ts';
import {openZipEntry, type ZipEntry} from './zip-directory.ts';

const PICKLE_NAME = 'data.pkl';
const BYTE_ORDER_LIMIT_BYTES = 16;

/** Whether a ZIP is one that `torch.save` wrote. */
export function isTorchZip(entries: ReadonlyMap<string, ZipEntry>): boolean {
  return findPickle(entries) !== undefined;
}

function findPickle(entries: ReadonlyMap<string, ZipEntry>): string | undefined {
  return [...entries.keys()].find((name) => name === PICKLE_NAME || name.endsWith(`/${PICKLE_NAME}`));
}

/**
 * Opens what `torch.save` writes since torch 1.6: a ZIP of stored records: the pickle `data.pkl`, and each storage
 * under `data/` and its key, all in one folder of any name.
 * @throws ModelFormatError where there is no such pickle, it is refused, or a storage is missing, compressed or too short.
 */
export async function openTorchZip(
  file: SizedRandomAccess,
  entries: ReadonlyMap<string, ZipEntry>,
): Promise<Checkpoint> {
  const picklePath = findPickle(entries);
  if (picklePath === undefined)
    throw new ModelFormatError(`a ZIP without ${PICKLE_NAME}`, 'what torch.save writes');
  const folder = picklePath.slice(0, -PICKLE_NAME.length);
  await checkByteOrder(file, entries.get(`${folder}byteorder`));
  const pickle = await openStored(file, findEntry(entries, picklePath));
  const resolve = (id: unknown): unknown => {
    const view = readStorageId(id);
    checkRecord(findEntry(entries, `${folder}data/${view.root.key}`), view.root);
    return view;
  };
  const root = await readPickle(new PickleCursor(pickle), {globals: TORCH_GLOBALS, resolve});
  const openStorage = ({key}: TorchStorage): Promise<SizedRandomAccess> =>
    openStored(file, findEntry(entries, `${folder}data/${key}`));
  return {format: 'torch-zip', ...readStateDictionary(root, openStorage)};
}

/** A record of newer files; older ones are little-endian. */
async function checkByteOrder(file: SizedRandomAccess, entry: ZipEntry | undefined): Promise<void> {
  if (entry === undefined) return;
  const record = await openStored(file, entry);
  const length = Math.min(record.sizeBytes, BYTE_ORDER_LIMIT_BYTES);
  const order = new TextDecoder().decode(await readExactly(record, 0, length, 'the byte order'));
  if (order !== 'little') throw new ModelFormatError(`byte order ${JSON.stringify(order)}`, 'little');
}

function findEntry(entries: ReadonlyMap<string, ZipEntry>, path: string): ZipEntry {
  const entry = entries.get(path);
  if (entry === undefined)
    throw new ModelFormatError(`no record ${JSON.stringify(path)} in a torch file`, 'one');
  return entry;
}

function checkRecord(entry: ZipEntry, {type, elementCount}: TorchStorage): void {
  const expected = elementCount * ELEMENT_BYTES[type];
  if (entry.storedBytes >= expected) return;
  throw new ModelFormatError(
    `${entry.storedBytes} bytes in record ${JSON.stringify(entry.name)}`,
    `${expected} for ${elementCount} elements of ${type}`,
  );
}

function openStored(file: SizedRandomAccess, entry: ZipEntry): Promise<SizedRandomAccess> {
  if (entry.method === 'stored') return openZipEntry(file, entry);
  throw new ModelFormatError(
    `record ${JSON.stringify(entry.name)} ${entry.method}`,
    'stored, as torch.save does',
  );
}
