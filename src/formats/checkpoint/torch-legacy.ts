import {ModelFormatError} from '../../graph/model-format-error.ts';
import type {SizedRandomAccess} from '../random-access.ts';
import type {Checkpoint} from './checkpoint.ts';
import {ELEMENT_BYTES} from './element-types.ts';
import {readExactly, sectionOf} from './file-bytes.ts';
import {PickleCursor} from './pickle-cursor.ts';
import {readPickle, type PickleSurroundings} from './pickle-machine.ts';
import {describeValue, printable} from './pickle-values.ts';
import {readStateDictionary} from './state-dictionary.ts';
import {TORCH_GLOBALS} from './torch-globals.ts';
import {readStorageId, type StorageView, type TorchStorage} from './torch-storage.ts';

const MAGIC_NUMBER = 0x1950a86a20f9469cfc6cn;
const PROTOCOL_VERSION = 1001;
/** Before the values of each storage: their number, int64. */
const COUNT_BYTES = 8;

const PLAIN: PickleSurroundings = {
  globals: new Map(),
  resolve: (id) => {
    throw new ModelFormatError(`persistent id ${describeValue(id)} in the head of a torch file`, 'none');
  },
};

/**
 * Opens what `torch.save` wrote until torch 1.5: pickles one after another of a magic number, the protocol's version,
 * facts of the system, the object itself and the keys of its storages; then the storages in the order of the keys.
 * Source: torch/serialization.py, `_legacy_save` and `_legacy_load`.
 * @throws ModelFormatError where a pickle is refused or a storage is missing or too short.
 */
export async function openTorchLegacy(file: SizedRandomAccess): Promise<Checkpoint> {
  const cursor = new PickleCursor(file);
  await readHead(cursor);
  const storages = new Map<string, TorchStorage>();
  const resolve = (id: unknown): unknown => shareStorage(storages, readStorageId(id));
  const root = await readPickle(cursor, {globals: TORCH_GLOBALS, resolve});
  const keys = await readPickle(cursor, PLAIN);
  const sections = await locateStorages(file, cursor.position, keys, storages);
  return {format: 'torch-legacy', ...readStateDictionary(root, ({key}) => openSection(sections, key))};
}

async function readHead(cursor: PickleCursor): Promise<void> {
  const magic = await readPickle(cursor, PLAIN);
  if (magic !== MAGIC_NUMBER) {
    throw new ModelFormatError(`a pickle of ${describeValue(magic)}`, 'one that begins as torch.save does');
  }
  const version = await readPickle(cursor, PLAIN);
  if (version !== PROTOCOL_VERSION) {
    throw new ModelFormatError(`a torch file of version ${describeValue(version)}`, `${PROTOCOL_VERSION}`);
  }
  const system = await readPickle(cursor, PLAIN);
  if (!(system instanceof Map) || system.get('little_endian') !== true) {
    throw new ModelFormatError('a torch file of a big-endian machine', 'a little-endian one');
  }
}

/** One storage for each key; the same key must always stand for the same storage. */
function shareStorage(storages: Map<string, TorchStorage>, view: StorageView): StorageView {
  const {key, type, elementCount} = view.root;
  const known = storages.get(key) ?? view.root;
  if (known.type !== type || known.elementCount !== elementCount) {
    throw new ModelFormatError(
      `storage ${printable(key)} as ${elementCount} of ${type}`,
      `${known.elementCount} of ${known.type}, as it was before`,
    );
  }
  storages.set(key, known);
  return view;
}

/** Where each storage lies; they follow one another from `position` on. */
async function locateStorages(
  file: SizedRandomAccess,
  position: number,
  keys: unknown,
  storages: ReadonlyMap<string, TorchStorage>,
): Promise<ReadonlyMap<string, SizedRandomAccess>> {
  const sections = new Map<string, SizedRandomAccess>();
  for (const key of Array.isArray(keys) ? (keys as unknown[]) : []) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (storage === undefined || sections.has(storage.key)) {
      throw new ModelFormatError(`storage key ${describeValue(key)}`, 'one of a tensor, once');
    }
    const what = `storage ${printable(storage.key)}`;
    await checkCount(file, position, storage, what);
    const sizeBytes = storage.elementCount * ELEMENT_BYTES[storage.type];
    sections.set(storage.key, sectionOf(file, position + COUNT_BYTES, sizeBytes, what));
    position += COUNT_BYTES + sizeBytes;
  }
  if (sections.size === storages.size) return sections;
  throw new ModelFormatError(
    `${sections.size} storages in a torch file`,
    `${storages.size} as its tensors need`,
  );
}

async function checkCount(
  file: SizedRandomAccess,
  position: number,
  {elementCount}: TorchStorage,
  what: string,
): Promise<void> {
  const {buffer, byteOffset} = await readExactly(file, position, COUNT_BYTES, what);
  const stored = new DataView(buffer, byteOffset).getBigInt64(0, true);
  if (stored === BigInt(elementCount)) return;
  throw new ModelFormatError(`${what} of ${stored} elements`, `${elementCount} as its tensors say`);
}

function openSection(
  sections: ReadonlyMap<string, SizedRandomAccess>,
  key: string,
): Promise<SizedRandomAccess> {
  const section = sections.get(key);
  // every storage of a tensor was located when the file was opened
  if (section === undefined) throw new Error(`no storage ${key}`);
  return Promise.resolve(section);
}
