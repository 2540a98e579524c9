import {backend, tensor as uploadTensor, type Tensor} from '@tensorflow/tfjs-core';
import {elementCount, formatShape} from '../graph/shape.ts';
import {CHANNELS_LAST_ORDER} from './tfjs-value.ts';

/** What TensorFlow.js's WebAssembly exports: numbers are values, ids of tensors and addresses. */
export type WasmKernel = (...values: readonly number[]) => void;

/** What is used of the package's `BackendWasm`; its own type does not tell what Emscripten puts on the module. */
interface WasmBackend {
  readonly wasm: {
    readonly HEAPU8: Uint8Array<ArrayBuffer>; // another one once the memory has grown
    cwrap(name: string, result: null, parameters: readonly 'number'[]): WasmKernel;
  };
  readonly dataIdMap: {get(dataId: Tensor['dataId']): {readonly id: number; readonly memoryOffset: number}};
}

/** Where a value of a planned network lies for good, float32, rank 4, channels last. */
export interface Place {
  /** By which kernels know it. */
  readonly id: number;
  /** Of its first value, in float32s from the start of the memory. */
  readonly first: number;
  /** As the graph says: channels first. */
  readonly shape: readonly number[];
}

/**
 * Memory of TensorFlow.js's WebAssembly, taken once for values that every run writes anew, and its kernels, called
 * without what TensorFlow.js puts around each call: objects of half a megabyte for each run of a network of 80 layers.
 * The backend is 4.22.0's and started; its kernels' parameters are those of tfjs-backend-wasm/src/kernels.
 * Worker or Node. `floats` and the copies allocate only after the memory has grown.
 */
export class TfjsWasmMemory {
  readonly #backend = backend() as unknown as WasmBackend;
  readonly #taken: Tensor[] = [];
  #floats = new Float32Array(0);

  /** All of the memory, until somebody takes more of it. */
  get floats(): Float32Array {
    const {buffer} = this.#backend.wasm.HEAPU8;
    if (this.#floats.buffer !== buffer) this.#floats = new Float32Array(buffer);
    return this.#floats;
  }

  /** A kernel by its name. */
  kernel(name: string, parameterCount: number): WasmKernel {
    const types = new Array<'number'>(parameterCount).fill('number'); // addresses, too: then nothing is copied
    return this.#backend.wasm.cwrap(name, null, types);
  }

  /** Takes memory for a value, zeros. */
  take(shape: readonly number[]): Place {
    if (shape.length !== 4) throw new RangeError(`got shape ${formatShape(shape)}, expected rank 4`);
    return {...this.placeOf(this.#hold(uploadTensor(new Float32Array(elementCount(shape))))), shape};
  }

  /** Takes memory for a whole number that a kernel is to find there; gives its address, bytes. */
  takeInteger(value: number): number {
    const {dataId} = this.#hold(uploadTensor([value], [1], 'int32'));
    return this.#backend.dataIdMap.get(dataId).memoryOffset;
  }

  /** Where an uploaded tensor lies. */
  placeOf({dataId}: Tensor): Pick<Place, 'id' | 'first'> {
    const {id, memoryOffset} = this.#backend.dataIdMap.get(dataId);
    return {id, first: memoryOffset / Float32Array.BYTES_PER_ELEMENT};
  }

  /** Keeps an uploaded tensor until all memory is given back. */
  hold(...tensors: readonly Tensor[]): void {
    this.#taken.push(...tensors);
  }

  /** Gives all of it back. */
  free(): void {
    for (const tensor of this.#taken.splice(0)) tensor.dispose();
  }

  #hold(tensor: Tensor): Tensor {
    this.hold(tensor);
    return tensor;
  }
}

/** Writes values that lie channels first. Allocates nothing. */
export function writeChannelsFirst(values: Float32Array, floats: Float32Array, {first, shape}: Place): void {
  const [, channelCount = 1, height = 1, width = 1] = shape;
  const pointCount = height * width;
  for (let channel = 0; channel < channelCount; channel++) {
    for (let point = 0; point < pointCount; point++) {
      floats[first + point * channelCount + channel] = values[channel * pointCount + point] as number;
    }
  }
}

/** Reads values so that they lie channels first. Allocates nothing. */
export function readChannelsFirst(floats: Float32Array, {first, shape}: Place, out: Float32Array): void {
  const [, channelCount = 1, height = 1, width = 1] = shape;
  const pointCount = height * width;
  for (let channel = 0; channel < channelCount; channel++) {
    for (let point = 0; point < pointCount; point++) {
      out[channel * pointCount + point] = floats[first + point * channelCount + channel] as number;
    }
  }
}

/** Sizes of a shape as they lie in memory. */
export function channelsLastShape(shape: readonly number[]): readonly number[] {
  return CHANNELS_LAST_ORDER.map((axis) => shape[axis] ?? 1);
}
