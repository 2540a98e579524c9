import type {Checkpoint, StoredTensor} from '../formats/checkpoint/checkpoint.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import {formatShape, isSameShape} from '../graph/shape.ts';

/** Tensors of a state dictionary by name; their values stay in the file until they are asked for. */
export type StoredWeights = ReadonlyMap<string, StoredTensor>;

/** The state dictionary without the `module.` that PyTorch's DataParallel puts before every name. */
export function withoutModulePrefix({tensors}: Checkpoint): StoredWeights {
  const prefix = 'module.';
  const names = [...tensors.keys()];
  if (!names.every((name) => name.startsWith(prefix))) return tensors;
  return new Map([...tensors].map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

/**
 * The tensor of that name and shape.
 * @throws ModelFormatError where it is missing or of another shape.
 */
export function requireStored(weights: StoredWeights, name: string, shape: readonly number[]): StoredTensor {
  const found = weights.get(name);
  if (found && isSameShape(found.shape, shape)) return found;
  const got = found ? `"${name}" as ${formatShape(found.shape)}` : `no "${name}"`;
  throw new ModelFormatError(got, `"${name}" as ${formatShape(shape)}`);
}
