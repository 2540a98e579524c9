import {ModelFormatError} from '../graph/model-format-error.ts';

/** Where one tensor lies in a safetensors file. */
export interface SafetensorsEntry<Type extends string> {
  readonly name: string;
  readonly type: Type;
  readonly shape: readonly number[]; // [] for a scalar
  readonly begin: number; // bytes from the start of the data, which follows the header
  readonly end: number;
}

/** What the header of a safetensors file says. */
export interface SafetensorsHeader<Type extends string> {
  /** In the order in which they lie in the file. */
  readonly entries: readonly SafetensorsEntry<Type>[];
  /** Texts the writer added, such as `format: pt`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes before the header: its length, uint64 little-endian. */
export const SAFETENSORS_LENGTH_BYTES = 8;

const HEADER_LIMIT_BYTES = 1 << 20; // the format allows 100 MB; 1 MB names ten thousand tensors
const METADATA_KEY = '__metadata__';

/**
 * Length of the header in bytes.
 * @param start the first {@link SAFETENSORS_LENGTH_BYTES} of the file, or more.
 * @throws ModelFormatError where the file cannot hold such a header.
 */
export function readSafetensorsHeaderLength(start: Uint8Array, fileBytes: number): number {
  if (start.length < SAFETENSORS_LENGTH_BYTES) {
    throw new ModelFormatError(`a file of ${start.length} bytes`, 'a safetensors header length of 8 bytes');
  }
  const length = new DataView(start.buffer, start.byteOffset).getBigUint64(0, true);
  const limit = Math.min(fileBytes - SAFETENSORS_LENGTH_BYTES, HEADER_LIMIT_BYTES);
  if (length > BigInt(limit)) {
    throw new ModelFormatError(`a safetensors header of ${length} bytes`, `at most ${limit} bytes`);
  }
  return Number(length);
}

/**
 * Reads the header; every type, shape, offset, gap and overlap is checked. Any thread.
 * @param header the JSON, without the length before it.
 * @param dataBytes length of what follows the header.
 * @param elementBytes the element types the caller takes, and their sizes.
 * @throws ModelFormatError where the file breaks the format or holds another type.
 */
export function parseSafetensorsHeader<Type extends string>(
  header: Uint8Array,
  dataBytes: number,
  elementBytes: Readonly<Record<Type, number>>,
): SafetensorsHeader<Type> {
  const {[METADATA_KEY]: metadata, ...tensors} = parseJson(header);
  const entries = Object.entries(tensors)
    .map(([name, value]) => readEntry(name, value, elementBytes))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkLayout(entries, dataBytes, elementBytes);
  return {entries, metadata: textsOf(metadata)};
}

function parseJson(header: Uint8Array): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(header));
  } catch (error) {
    throw new ModelFormatError(`a header that does not parse (${String(error)})`, 'UTF-8 JSON');
  }
  if (!isRecord(parsed)) throw new ModelFormatError('a header that is no object', 'a JSON object of tensors');
  return parsed;
}

function textsOf(metadata: unknown): Record<string, string> {
  if (!isRecord(metadata)) return {};
  const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';
  return Object.fromEntries(Object.entries(metadata).filter(isText));
}

function readEntry<Type extends string>(
  name: string,
  value: unknown,
  elementBytes: Readonly<Record<Type, number>>,
): SafetensorsEntry<Type> {
  if (!isRecord(value))
    throw new ModelFormatError(`tensor "${name}" that is no object`, 'dtype, shape, data_offsets');
  const {dtype: type, shape, data_offsets: offsets} = value;
  if (!isKeyOf(elementBytes, type)) {
    const known = Object.keys(elementBytes).join(', ');
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
function checkLayout<Type extends string>(
  entries: readonly SafetensorsEntry<Type>[],
  dataBytes: number,
  elementBytes: Readonly<Record<Type, number>>,
): void {
  let position = 0;
  for (const {name, type, shape, begin, end} of entries) {
    if (begin !== position) {
      throw new ModelFormatError(
        `tensor "${name}" at byte ${begin}`,
        `byte ${position}, without gap or overlap`,
      );
    }
    const expected = shape.reduce((product, size) => product * size, elementBytes[type]);
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isKeyOf<Type extends string>(record: Readonly<Record<Type, number>>, value: unknown): value is Type {
  return typeof value === 'string' && Object.hasOwn(record, value);
}

function isCountList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
