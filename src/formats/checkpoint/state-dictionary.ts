import {ModelFormatError} from '../../graph/model-format-error.ts';
import type {SizedRandomAccess} from '../random-access.ts';
import type {Checkpoint, StoredTensor} from './checkpoint.ts';
import {describeValue, printable} from './pickle-values.ts';
import {readStrided} from './strided-read.ts';
import type {TorchStorage} from './torch-storage.ts';
import {TorchTensor} from './torch-tensor.ts';

/** Key of the state dictionary in the dictionaries that training scripts save around it. */
const STATE_KEY = 'state_dict';

/**
 * The tensors and scalars of a torch file: of its dictionary, or of `state_dict` in it. Whatever else is there (the
 * optimiser's state, results) is left out.
 * @param root the value of the file's pickle.
 * @param openStorage gives the bytes of a storage, when one of its tensors is read.
 * @throws ModelFormatError where there is no tensor under a text.
 */
export function readStateDictionary(
  root: unknown,
  openStorage: (storage: TorchStorage) => Promise<SizedRandomAccess>,
): Omit<Checkpoint, 'format'> {
  if (!(root instanceof Map)) throw new ModelFormatError(describeValue(root), 'a state dictionary');
  const inner: unknown = root.get(STATE_KEY);
  const state = inner instanceof Map ? inner : root;
  const tensors = new Map<string, StoredTensor>();
  for (const [name, value] of state as Map<unknown, unknown>) {
    if (typeof name !== 'string' || !(value instanceof TorchTensor)) continue;
    tensors.set(name, storedTensor(name, value, openStorage));
  }
  if (tensors.size === 0) {
    throw new ModelFormatError(
      `a dictionary of ${namesOf(state as Map<unknown, unknown>)} without tensors`,
      `a state dictionary, or one under ${STATE_KEY}`,
    );
  }
  return {tensors, metadata: state === root ? {} : scalarsOf(root)};
}

function storedTensor(
  name: string,
  {storage, firstElement, shape, strides}: TorchTensor,
  openStorage: (storage: TorchStorage) => Promise<SizedRandomAccess>,
): StoredTensor {
  const {type} = storage;
  const read = async (): Promise<Float32Array> =>
    readStrided(await openStorage(storage), {type, firstElement, shape, strides}, `tensor "${name}"`);
  return {name, type, shape, read};
}

function scalarsOf(dictionary: Map<unknown, unknown>): Checkpoint['metadata'] {
  const isScalar = (entry: [unknown, unknown]): entry is [string, string | number | boolean] =>
    typeof entry[0] === 'string' && ['string', 'number', 'boolean'].includes(typeof entry[1]);
  return Object.fromEntries([...dictionary].filter(isScalar));
}

function describeKey(key: unknown): string {
  return typeof key === 'string' ? printable(key) : describeValue(key);
}

/** The first few keys, for a message. */
function namesOf(dictionary: Map<unknown, unknown>): string {
  const names = [...dictionary.keys()].slice(0, 8).map(describeKey);
  return `[${names.join(', ')}]`;
}
