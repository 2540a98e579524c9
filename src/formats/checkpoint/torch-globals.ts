import {ModelFormatError} from '../../graph/model-format-error.ts';
import {NUMPY_GLOBALS} from './numpy-scalar.ts';
import {describeValue, PickleGlobal} from './pickle-values.ts';
import {STORAGE_GLOBALS} from './torch-storage.ts';
import {rebuildTensor, TorchTensor} from './torch-tensor.ts';

/** Whatever follows these arguments (gradient or not, hooks, names) has no bearing on the values. */
const rebuild = ([view, offset, size, stride]: readonly unknown[]): TorchTensor =>
  rebuildTensor(view, offset, size, stride);

/** The only names that the pickle of a torch file may refer to. */
export const TORCH_GLOBALS: ReadonlyMap<string, PickleGlobal> = new Map(
  [
    new PickleGlobal('collections.OrderedDict', readOrderedDictionary),
    new PickleGlobal('torch._utils._rebuild_tensor', rebuild),
    new PickleGlobal('torch._utils._rebuild_tensor_v2', rebuild),
    new PickleGlobal('torch._utils._rebuild_parameter', readParameter),
    new PickleGlobal('torch.Size', ([size]) => size ?? []),
    ...STORAGE_GLOBALS,
    ...NUMPY_GLOBALS,
  ].map((global) => [global.name, global]),
);

/** Python 3 makes it empty and sets its items later; Python 2 gives one list of pairs. */
function readOrderedDictionary([pairs = []]: readonly unknown[]): Map<unknown, unknown> {
  const isPair = (value: unknown): value is [unknown, unknown] => Array.isArray(value) && value.length === 2;
  if (Array.isArray(pairs) && pairs.every(isPair)) return new Map(pairs);
  throw new ModelFormatError(`a dictionary of ${describeValue(pairs)}`, 'a list of keys and values');
}

function readParameter([tensor]: readonly unknown[]): TorchTensor {
  if (tensor instanceof TorchTensor) return tensor;
  throw new ModelFormatError(`a parameter of ${describeValue(tensor)}`, 'a tensor');
}
