import {ModelFormatError} from '../../graph/model-format-error.ts';
import type {ElementType} from './element-types.ts';
import {describeValue, PickleGlobal} from './pickle-values.ts';

/** The values that one or more tensors of a torch file share. */
export class TorchStorage {
  /** Under which the file has its bytes. */
  readonly key: string;
  readonly type: ElementType;
  readonly elementCount: number;

  constructor(key: string, type: ElementType, elementCount: number) {
    this.key = key;
    this.type = type;
    this.elementCount = elementCount;
  }
}

/** A storage or a part of one, as the legacy format keeps storages that share their memory. */
export class StorageView {
  readonly root: TorchStorage;
  readonly firstElement: number;
  readonly elementCount: number;

  constructor(root: TorchStorage, firstElement = 0, elementCount = root.elementCount) {
    this.root = root;
    this.firstElement = firstElement;
    this.elementCount = elementCount;
  }
}

const ELEMENT_TYPES: Readonly<Record<string, ElementType>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

/** Classes of storages, which stand in persistent ids; those of a GPU hold the same bytes in a file. */
export const STORAGE_GLOBALS: readonly PickleGlobal[] = Object.keys(ELEMENT_TYPES).flatMap((name) => [
  new PickleGlobal(`torch.${name}`),
  new PickleGlobal(`torch.cuda.${name}`),
]);

/**
 * The storage which a persistent id `('storage', class, key, location, element count, view)` names; `view` is None
 * (or missing, in the zip format) or `(key, first element, element count)` within the storage.
 * Source: torch/serialization.py, `persistent_id` of `_legacy_save` and `_save`.
 * @throws ModelFormatError where it names anything else.
 */
export function readStorageId(id: unknown): StorageView {
  const [tag, storageClass, key, , elementCount, view = null] = Array.isArray(id) ? (id as unknown[]) : [];
  const type = storageClass instanceof PickleGlobal ? elementTypeOf(storageClass) : undefined;
  if (tag !== 'storage' || type === undefined || typeof key !== 'string' || !isCount(elementCount)) {
    throw new ModelFormatError(
      `persistent id ${describeValue(id)}`,
      'a storage: its class, key, location and length',
    );
  }
  const root = new TorchStorage(key, type, elementCount);
  return view === null ? new StorageView(root) : readView(root, view);
}

function readView(root: TorchStorage, view: unknown): StorageView {
  const [, firstElement, elementCount] = Array.isArray(view) ? (view as unknown[]) : [];
  if (!isCount(firstElement) || !isCount(elementCount) || firstElement + elementCount > root.elementCount) {
    const got = `elements ${describeValue(firstElement)} + ${describeValue(elementCount)} of a storage`;
    throw new ModelFormatError(got, `a view within its ${root.elementCount}`);
  }
  return new StorageView(root, firstElement, elementCount);
}

function elementTypeOf({name}: PickleGlobal): ElementType | undefined {
  return STORAGE_GLOBALS.some((known) => known.name === name)
    ? ELEMENT_TYPES[name.slice(name.lastIndexOf('.') + 1)]
    : undefined;
}

/** A whole number from 0 on. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
