import {float16ToFloat32} from './float16.ts';
import {
  parseSafetensorsHeader,
  readSafetensorsHeaderLength,
  SAFETENSORS_LENGTH_BYTES,
  type SafetensorsEntry,
} from './safetensors-header.ts';

/** Element types of the safetensors files this reader takes. */
export type SafetensorsType = 'F32' | 'F16' | 'I8' | 'U8' | 'I32';

/** One tensor of a safetensors file, copied out of it. */
export interface SafetensorsTensor {
  readonly type: SafetensorsType; // as stored
  readonly shape: readonly number[]; // [] for a scalar
  readonly data: Float32Array | Int8Array | Uint8Array | Int32Array; // row-major; F16 is decoded to float32
}

const ELEMENT_BYTES: Readonly<Record<SafetensorsType, number>> = {F32: 4, F16: 2, I8: 1, U8: 1, I32: 4};

/**
 * Reads a safetensors file: little-endian header length (uint64), JSON header, then the tensors without a gap.
 * Every type, shape, offset, gap and overlap is checked before a tensor is allocated. Any thread; the result
 * does not share memory with `bytes`.
 * Format: https://github.com/huggingface/safetensors#format
 * @returns tensors by name, in the order in which they lie in the file.
 * @throws ModelFormatError where the file breaks the format or holds a type this reader does not take.
 */
export function readSafetensors(bytes: Uint8Array): ReadonlyMap<string, SafetensorsTensor> {
  const dataStart = SAFETENSORS_LENGTH_BYTES + readSafetensorsHeaderLength(bytes, bytes.length);
  const header = bytes.subarray(SAFETENSORS_LENGTH_BYTES, dataStart);
  const {entries} = parseSafetensorsHeader(header, bytes.length - dataStart, ELEMENT_BYTES);
  return new Map(entries.map((entry) => [entry.name, copyTensor(entry, bytes, dataStart)]));
}

function copyTensor(
  entry: SafetensorsEntry<SafetensorsType>,
  bytes: Uint8Array,
  dataStart: number,
): SafetensorsTensor {
  const {type, shape, begin, end} = entry;
  const copy = new Uint8Array(end - begin); // aligned, whatever the offset was; `slice` of a Node Buffer is a view
  copy.set(bytes.subarray(dataStart + begin, dataStart + end));
  return {type, shape, data: viewElements(type, copy.buffer)};
}

/** All hosts that run WebAssembly are little-endian in practice, as the format is. */
function viewElements(type: SafetensorsType, buffer: ArrayBuffer): SafetensorsTensor['data'] {
  switch (type) {
    case 'F32':
      return new Float32Array(buffer);
    case 'F16':
      return float16ToFloat32(new Uint16Array(buffer));
    case 'I8':
      return new Int8Array(buffer);
    case 'U8':
      return new Uint8Array(buffer);
    case 'I32':
      return new Int32Array(buffer);
  }
}
