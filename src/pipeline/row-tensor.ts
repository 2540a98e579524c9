import type {Model} from '../engine/engine.ts';
import type {Tensor} from '../graph/graph.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import {countAnyLengths, elementCount, formatShape, knownElementCount} from '../graph/shape.ts';

/** Rows that a network takes or gives at a time. */
export interface RowCounts {
  /** Values of a row. */
  readonly rowLength: number;
  readonly rowCount: number | 'any';
}

/**
 * The first input, or the first output, of a network that takes rows.
 * @throws ModelFormatError where it is not float32, or not of so many rows.
 */
export function rowTensor({graph}: Model, what: 'input' | 'output', rows: RowCounts): Tensor {
  const [name = ''] = what === 'input' ? graph.inputs : graph.outputs;
  const tensor = graph.tensors.get(name);
  if (tensor?.type === 'float32' && hasRows(tensor, rows)) return tensor;
  const {rowLength, rowCount} = rows;
  throw new ModelFormatError(
    `first ${what} ${name} ${tensor ? `of ${tensor.type} ${formatShape(tensor.shape)}` : '(none)'}`,
    `float32 of ${rowCount === 'any' ? 'any number of' : String(rowCount)} rows of ${String(rowLength)} values`,
  );
}

function hasRows({shape}: Tensor, {rowLength, rowCount}: RowCounts): boolean {
  if (rowCount === 'any') return countAnyLengths(shape) === 1 && knownElementCount(shape) === rowLength;
  return countAnyLengths(shape) === 0 && elementCount(shape) === rowCount * rowLength;
}
