import {ModelFormatError} from '../graph/model-format-error.ts';
import {float16ToFloat32} from './float16.ts';

/** Element types of the safetensors files this reader takes. */
export type SafetensorsType = 'F32' | 'F16' | 'I8' | 'U8' | 'I32';

/** One tensor of a safetensors file, copied out of it. */
export interface SafetensorsTensor {
  readonly type: SafetensorsType; // as stored
  readonly shape: readonly number[]; // [] for a scalar
  readonly data: Float32Array | Int8Array | Uint8Array | Int32Array; // row-major; F16 is decoded to float32
}

interface Entry {
  readonly name: string;
  readonly type: SafetensorsType;
  readonly shape: readonly number[];
  readonly begin: number; // bytes from the start of the data
  readonly end: number;
}

const LENGTH_BYTES = 8;
const HEADER_LIMIT_BYTES = 1 << 20; // the format allows 100 MB; 1 MB names ten thousand tensors
const METADATA_KEY = '__metadata__';

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
  const headerBytes = readHeaderLength(bytes);
  const dataStart = LENGTH_BYTES + headerBytes;
  const entries = readEntries(bytes.subarray(LENGTH_BYTES, dataStart));
  checkLayout(entries, bytes.length - dataStart);
  return new Map(entries.map((entry) => [entry.name, copyTensor(entry, bytes, dataStart)]));
}

function readHeaderLength(bytes: Uint8Array): number {
  if (bytes.length < LENGTH_BYTES) {
    throw new ModelFormatError(`a file of ${bytes.length} bytes`, 'a safetensors header length of 8 bytes');
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const limit = Math.min(bytes.length - LENGTH_BYTES, HEADER_LIMIT_BYTES);
  if (length > BigInt(limit)) {
    throw new ModelFormatError(`a safetensors header of ${length} bytes`, `at most ${limit} bytes`);
  }
  return Number(length);
}

function readEntries(header: Uint8Array): Entry[] {
  const parsed = parseHeader(header);
  const names = Object.keys(parsed).filter((name) => name !== METADATA_KEY);
  const entries = names.map((name) => readEntry(name, parsed[name]));
  return entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
}

function parseHeader(header: Uint8Array): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(header));
  } catch (error) {
    throw new ModelFormatError(`a header that does not parse (${String(error)})`, 'UTF-8 JSON');
  }
  if (!isRecord(parsed)) throw new ModelFormatError('a header that is no object', 'a JSON object of tensors');
  return parsed;
}

function readEntry(name: string, value: unknown): Entry {
  if (!isRecord(value))
    throw new ModelFormatError(`tensor "${name}" that is no object`, 'dtype, shape, data_offsets');
  const {dtype: type, shape, data_offsets: offsets} = value;
  if (!isKnownType(type)) {
    const known = Object.keys(ELEMENT_BYTES).join(', ');
    throw new ModelFormatError(`tensor "${name}" of type ${JSON.stringify(type)}`, `one of ${known}`);
  }
  if (!isCountList(shape)) {
    throw new ModelFormatError(
      `tensor "${name}" of shape ${JSON.stringify(shape)}`,
      'a list of whole numbers ≥ 0',
    );
  }
  if (!isCountList(offsets) || offsets.length !== 2) {
    throw new ModelFormatError(`tensor "${name}" at ${JSON.stringify(offsets)}`, 'two offsets [begin, end]');
  }
  return {name, type, shape, begin: offsets[0] ?? 0, end: offsets[1] ?? 0};
}

/** The format asks for no gap and no overlap, so that nothing can hide in a file; `entries` are in file order. */
function checkLayout(entries: readonly Entry[], dataBytes: number): void {
  let position = 0;
  for (const {name, type, shape, begin, end} of entries) {
    if (begin !== position) {
      throw new ModelFormatError(
        `tensor "${name}" at byte ${begin}`,
        `byte ${position}, without gap or overlap`,
      );
    }
    const expected = shape.reduce((product, size) => product * size, ELEMENT_BYTES[type]);
    if (end - begin !== expected) {
      const got = `${end - begin} bytes for tensor "${name}"`;
      throw new ModelFormatError(got, `${expected} for ${type} [${shape.join(', ')}]`);
    }
    position = end;
  }
  if (position !== dataBytes) {
    throw new ModelFormatError(`${dataBytes} bytes of tensor data`, `${position} as the header says`);
  }
}

function copyTensor(entry: Entry, bytes: Uint8Array, dataStart: number): SafetensorsTensor {
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isKnownType(value: unknown): value is SafetensorsType {
  return typeof value === 'string' && Object.hasOwn(ELEMENT_BYTES, value);
}

function isCountList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
