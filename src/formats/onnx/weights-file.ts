import {ModelFormatError} from '../../graph/model-format-error.ts';
import {elementCount, formatShape} from '../../graph/shape.ts';
import type {FileWriter} from './file-sink.ts';
import {elementBytes} from './onnx-fields.ts';
import type {OnnxValue, PlacedConstant} from './onnx-graph.ts';

/** Smaller constants lie in the network's own file, which is read whole before anything runs. */
const LEAST_EXTERNAL_BYTES = 32 * 1024;

/** Where tensors begin: at whole pages, as ONNX asks for, so that they may be mapped into memory. */
const ALIGNMENT_BYTES = 4096;

/** Writes constants into the file beside a network's own, one after another. */
export class WeightsFile {
  readonly #location: string;
  readonly #file: FileWriter;
  #position = 0;

  /** @param location path of the file, seen from the network's own. */
  constructor(location: string, file: FileWriter) {
    this.#location = location;
    this.#file = file;
  }

  /**
   * Writes a constant, or keeps it where it is small, and says where it is.
   * @param bytes its elements; not kept.
   * @throws ModelFormatError where they are not as many as its shape says.
   */
  async add(value: OnnxValue, bytes: Uint8Array): Promise<PlacedConstant> {
    const length = sizeOf(value);
    if (bytes.length !== length) {
      throw new ModelFormatError(
        `${bytes.length} bytes for ${value.name}`,
        `${length} for ${value.type} ${formatShape(value.shape)}`,
      );
    }
    if (!isExternal(value)) return {...value, bytes: new Uint8Array(bytes)};
    const offset = Math.ceil(this.#position / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    if (offset > this.#position) await this.#file.write(new Uint8Array(offset - this.#position));
    await this.#file.write(bytes);
    this.#position = offset + length;
    return {...value, external: {location: this.#location, offset, length}};
  }
}

/** Bytes of the constants that lie in the weights' file. */
export function externalBytes(values: readonly OnnxValue[]): number {
  return values.filter(isExternal).reduce((sum, value) => sum + sizeOf(value), 0);
}

function isExternal(value: OnnxValue): boolean {
  return sizeOf(value) >= LEAST_EXTERNAL_BYTES;
}

function sizeOf({type, shape}: OnnxValue): number {
  return elementCount(shape) * elementBytes[type];
}
