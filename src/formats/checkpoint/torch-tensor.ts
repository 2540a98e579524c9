import {ModelFormatError} from '../../graph/model-format-error.ts';
import {describeValue} from './pickle-values.ts';
import {isCount, StorageView, type TorchStorage} from './torch-storage.ts';

/** A tensor of a torch file: which elements of its storage it takes, in which order. All within the storage. */
export class TorchTensor {
  readonly storage: TorchStorage;
  /** In elements, from the start of the storage. */
  readonly firstElement: number;
  readonly shape: readonly number[];
  /** In elements, one for each dimension. */
  readonly strides: readonly number[];

  constructor(
    storage: TorchStorage,
    firstElement: number,
    shape: readonly number[],
    strides: readonly number[],
  ) {
    this.storage = storage;
    this.firstElement = firstElement;
    this.shape = shape;
    this.strides = strides;
  }
}

const RANK_LIMIT = 64; // torch's own
/** Elements a tensor may have beyond those of its storage: expanded masks do, but no file may ask for gigabytes so. */
const EXPANDED_LIMIT = 2 ** 20;

/**
 * A tensor as `torch._utils._rebuild_tensor(storage, offset, size, stride)` makes it.
 * @throws ModelFormatError where an argument makes no sense, or an element would lie outside of the storage.
 */
export function rebuildTensor(view: unknown, offset: unknown, size: unknown, stride: unknown): TorchTensor {
  if (!(view instanceof StorageView))
    throw new ModelFormatError(`a tensor of ${describeValue(view)}`, 'one of a storage');
  const shape = readCounts(size, 'shape');
  const strides = readCounts(stride, 'strides');
  if (!isCount(offset) || shape.length !== strides.length) {
    throw new ModelFormatError(
      `a tensor at ${describeValue(offset)} of shape [${shape.join(', ')}] and strides [${strides.join(', ')}]`,
      'an offset, and a stride for each dimension',
    );
  }
  const elementCount = shape.reduce((product, length) => product * length, 1);
  const reach = shape.reduce((sum, length, axis) => sum + (length - 1) * (strides[axis] ?? 0), offset + 1);
  // a product may overflow to infinity, and to NaN where a 0 follows: neither is at most the limit
  const limit = Math.max(view.elementCount, EXPANDED_LIMIT);
  if (!(elementCount <= limit) || (elementCount > 0 && reach > view.elementCount)) {
    throw new ModelFormatError(
      `a tensor of shape [${shape.join(', ')}] and strides [${strides.join(', ')}] at ${offset}`,
      `one within its storage of ${view.elementCount} elements`,
    );
  }
  return new TorchTensor(view.root, view.firstElement + offset, shape, strides);
}

/** A copy, since the pickle may go on changing its list. */
function readCounts(value: unknown, what: string): readonly number[] {
  if (Array.isArray(value) && value.length <= RANK_LIMIT) {
    const counts = [...(value as unknown[])];
    if (counts.every(isCount)) return counts;
  }
  throw new ModelFormatError(`${what} ${describeValue(value)} of a tensor`, 'a list of whole numbers ≥ 0');
}
