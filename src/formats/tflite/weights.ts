import {dequantiseConstant} from '../../graph/dequantise-tensor.ts';
import type {Tensor} from '../../graph/graph.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {keepsMemoryOrder, permuteConstant} from '../../graph/permutation.ts';
import {elementCount, formatShape} from '../../graph/shape.ts';
import {
  type ConstantTensor,
  type OperatorContext,
  requireConstant,
  requireInput,
} from './operator-context.ts';

/** How weights must lie for the graph: which dimension of the file's goes where, and what to call the result. */
export interface WeightLayout {
  readonly name: string;
  readonly permutation: readonly number[];
}

/**
 * The weights of an operator (its input 1) in the layout of the graph. Where the activations are float32 and the
 * weights int8 (TFLite's hybrid operators), they are dequantised, so that engines see a plain float network.
 * Each constant is copied at most once however many operators share it.
 * @throws ModelFormatError where they are computed, have another rank, or do not fit the file's copy budget.
 */
export function readWeights(context: OperatorContext, layout: WeightLayout): Tensor {
  const stored = requireConstant(context, 1);
  if (stored.shape.length !== layout.permutation.length) {
    throw new ModelFormatError(
      `weights ${stored.name} of shape ${formatShape(stored.shape)} at ${context.name}`,
      `${layout.permutation.length} dimensions`,
    );
  }
  const isHybrid = requireInput(context, 0).type === 'float32' && stored.quantisation !== undefined;
  const {builder} = context;
  const purpose = isHybrid ? `${layout.name}-float32` : layout.name;
  return builder.derive(stored, purpose, (name) => {
    builder.copies.spend(copiedBytes(stored, layout.permutation, isHybrid));
    const permuted = permuteConstant(stored, layout.permutation, name);
    return isHybrid ? dequantiseConstant(permuted) : permuted;
  });
}

/** The bias of an operator (its input 2), or undefined where it has none. */
export function readBias(context: OperatorContext): Tensor | undefined {
  return context.inputs[2] === undefined ? undefined : requireConstant(context, 2);
}

function copiedBytes(stored: ConstantTensor, permutation: readonly number[], isHybrid: boolean): number {
  const count = elementCount(stored.shape);
  if (isHybrid) return count * Float32Array.BYTES_PER_ELEMENT;
  return keepsMemoryOrder(stored.shape, permutation) ? 0 : count * stored.data.BYTES_PER_ELEMENT;
}
