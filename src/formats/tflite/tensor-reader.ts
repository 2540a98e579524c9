import {checkTensor} from '../../graph/check-tensor.ts';
import type {ElementType, Quantisation, Tensor, TensorData} from '../../graph/graph.ts';
import {ModelFormatError} from '../../graph/model-format-error.ts';
import {checkShape, elementCount, formatShape} from '../../graph/shape.ts';
import type {ByteBudget} from './byte-budget.ts';
import type {FlatTable, FlatVector} from './flat-table.ts';
import type {ModelFile} from './model-file.ts';
import {BUFFER, QUANTIZATION, TENSOR, TENSOR_TYPE_NAMES} from './schema.ts';
import type {TensorNames} from './tensor-names.ts';

const ELEMENT_TYPES: Readonly<Record<string, {readonly type: ElementType; readonly bytes: number}>> = {
  FLOAT32: {type: 'float32', bytes: 4},
  INT8: {type: 'int8', bytes: 1},
  UINT8: {type: 'uint8', bytes: 1},
  INT32: {type: 'int32', bytes: 4},
  INT64: {type: 'int64', bytes: 8},
};

/**
 * Reads tensors of a file on demand, each once, so that what no operator uses is never looked at.
 * Constants are views of the file's bytes where they are aligned for their type, else single copies, paid for from
 * the budget.
 */
export class TensorReader {
  readonly #model: ModelFile;
  readonly #copies: ByteBudget;
  readonly #tensors = new Map<number, Tensor>();
  readonly #names: TensorNames;

  constructor(model: ModelFile, copies: ByteBudget, names: TensorNames) {
    this.#model = model;
    this.#copies = copies;
    this.#names = names;
  }

  /**
   * The tensor of this index, with a name no other tensor has.
   * @throws ModelFormatError where the index, its type, shape, quantisation or buffer does not fit.
   */
  read(index: number): Tensor {
    const known = this.#tensors.get(index);
    if (known !== undefined) return known;
    const table = this.#model.tensors[index];
    if (table === undefined) {
      throw new ModelFormatError(`tensor ${index}`, `one of the ${this.#model.tensors.length} in the file`);
    }
    const tensor = this.#readTable(table, this.#names.claim(table.string(TENSOR.name)));
    checkTensor(tensor);
    this.#tensors.set(index, tensor);
    return tensor;
  }

  #readTable(table: FlatTable, name: string): Tensor {
    const shape = table.int32s(TENSOR.shape);
    checkShape(shape, name);
    const {type, bytes} = elementType(table.uint8(TENSOR.type), name);
    if (table.bool(TENSOR.isVariable)) throw new ModelFormatError(`variable tensor ${name}`, 'no state');
    if (table.has(TENSOR.sparsity)) throw new ModelFormatError(`sparse tensor ${name}`, 'dense tensors');
    const quantisation = type === 'float32' ? undefined : readQuantisation(table, name);
    const vector = this.#bufferOf(table, name);
    const tensor = {name, type, shape, ...(quantisation && {quantisation})};
    if (vector === undefined) return tensor;
    if (vector.count !== elementCount(shape) * bytes) {
      throw new ModelFormatError(
        `${vector.count} bytes in ${name}`,
        `${elementCount(shape) * bytes}, for ${type} ${formatShape(shape)}`,
      );
    }
    return {...tensor, data: this.#data(type, vector)};
  }

  /** Where the constant's bytes lie; undefined for what is computed, which has no buffer or an empty one. */
  #bufferOf(table: FlatTable, name: string): FlatVector | undefined {
    const index = table.uint32(TENSOR.buffer);
    if (index === 0) return undefined; // by convention the empty buffer
    const buffer = this.#model.buffers[index];
    if (buffer === undefined) {
      throw new ModelFormatError(
        `buffer ${index} of ${name}`,
        `one of the ${this.#model.buffers.length} in the file`,
      );
    }
    if (buffer.has(BUFFER.offset)) {
      throw new ModelFormatError(`buffer of ${name} outside the FlatBuffer`, 'data inside it');
    }
    const vector = buffer.vector(BUFFER.data, 1);
    return vector?.count === 0 ? undefined : vector;
  }

  #data(type: ElementType, {position, count}: FlatVector): TensorData {
    const {bytes} = this.#model.file;
    const start = bytes.byteOffset + position;
    if (type === 'int8') return new Int8Array(bytes.buffer, start, count);
    if (type === 'uint8') return new Uint8Array(bytes.buffer, start, count);
    if (type === 'int64') return this.#narrowInt64s(position, count / 8);
    // little-endian like the file, on every platform that runs the engines
    const [buffer, offset] = start % 4 === 0 ? [bytes.buffer, start] : [this.#copy(position, count), 0];
    return type === 'int32'
      ? new Int32Array(buffer, offset, count / 4)
      : new Float32Array(buffer, offset, count / 4);
  }

  #copy(position: number, count: number): ArrayBuffer {
    this.#copies.spend(count);
    const copy = new Uint8Array(count); // not slice(): a Node Buffer's gives a view
    copy.set(this.#model.file.bytes.subarray(position, position + count));
    return copy.buffer;
  }

  #narrowInt64s(position: number, count: number): Int32Array {
    this.#copies.spend(4 * count);
    const {file} = this.#model;
    return Int32Array.from({length: count}, (_, index) => file.int64(position + 8 * index));
  }
}

function elementType(number: number, name: string): {type: ElementType; bytes: number} {
  const typeName = TENSOR_TYPE_NAMES[number] ?? `type ${number}`;
  const known = ELEMENT_TYPES[typeName];
  if (known === undefined) {
    throw new ModelFormatError(`${typeName} tensor ${name}`, Object.keys(ELEMENT_TYPES).join(', '));
  }
  return known;
}

function readQuantisation(table: FlatTable, name: string): Quantisation | undefined {
  const parameters = table.table(TENSOR.quantization);
  if (parameters === undefined) return undefined;
  if (parameters.uint8(QUANTIZATION.detailsType) !== 0) {
    throw new ModelFormatError(`custom quantisation of ${name}`, 'scales and zero points');
  }
  const scale = parameters.float32s(QUANTIZATION.scale);
  if (scale.length === 0) return undefined; // only the range seen in training is kept
  const zeroPoint = parameters.int64s(QUANTIZATION.zeroPoint);
  const axis = scale.length === 1 ? 0 : parameters.int32(QUANTIZATION.quantizedDimension);
  return {scale, zeroPoint, axis};
}
