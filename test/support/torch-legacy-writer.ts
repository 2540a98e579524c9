import type {FilePiece} from './file-pieces.ts';
import {
  boolean,
  dictionary,
  globalName,
  integer,
  list,
  NONE,
  orderedDictionary,
  persistent,
  pickle,
  reduce,
  text,
  tuple,
  type PickleBytes,
} from './pickle-writer.ts';

/** Float32 values as the legacy format has them after its pickles. */
export interface LegacyStorage {
  readonly key: string;
  /** Or how many zeros. */
  readonly values: Float32Array | number;
}

/** A tensor of a storage that lay on a GPU. */
export interface LegacyTensor {
  readonly storage: LegacyStorage;
  readonly offset?: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** First element and element count of a storage that is a part of another. */
  readonly view?: readonly [number, number];
  /** The function of torch 0.3, without gradient and hooks. */
  readonly isOld?: boolean;
}

/** `torch._utils._rebuild_tensor…` of a `torch.cuda.FloatStorage` at `cuda:0`. */
export function pickledTensor({storage, offset = 0, shape, strides, view, isOld}: LegacyTensor): PickleBytes {
  const id = tuple(
    text('storage'),
    globalName('torch.cuda', 'FloatStorage'),
    text(storage.key),
    text('cuda:0'),
    integer(countOf(storage)),
    view === undefined ? NONE : tuple(text(`${storage.key} view`), ...view.map(integer)),
  );
  const layout = [
    persistent(id),
    integer(offset),
    tuple(...shape.map(integer)),
    tuple(...strides.map(integer)),
  ];
  if (isOld === true) return reduce(globalName('torch._utils', '_rebuild_tensor'), tuple(...layout));
  const rest = [boolean(false), orderedDictionary([])];
  return reduce(globalName('torch._utils', '_rebuild_tensor_v2'), tuple(...layout, ...rest));
}

/**
 * A file as `torch.save` wrote it in 2018, byte by byte from torch/serialization.py: magic number, version and system,
 * the object, the keys of the storages, and the storages, each after its length.
 */
export function writeTorchLegacy(root: PickleBytes, storages: readonly LegacyStorage[]): FilePiece[] {
  const system = dictionary([
    [text('protocol_version'), integer(1001)],
    [text('little_endian'), boolean(true)],
    [text('type_sizes'), dictionary([[text('int'), integer(4)]])],
  ]);
  return [
    pickle(integer(0x1950a86a20f9469cfc6cn)),
    pickle(integer(1001)),
    pickle(system),
    pickle(root),
    pickle(list(...storages.map(({key}) => text(key)))),
    ...storages.flatMap((storage) => [count64(countOf(storage)), valuesOf(storage)]),
  ];
}

function valuesOf({values}: LegacyStorage): FilePiece {
  return typeof values === 'number' ? 4 * values : new Uint8Array(values.slice().buffer);
}

function countOf({values}: LegacyStorage): number {
  return typeof values === 'number' ? values : values.length;
}

function count64(count: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(count), true);
  return bytes;
}
