import {ModelFormatError} from '../../graph/model-format-error.ts';
import type {SizedRandomAccess} from '../random-access.ts';
import {readExactly, sectionOf} from './file-bytes.ts';

/** A file within a ZIP. */
export interface ZipEntry {
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  /** Bytes in the ZIP, and once inflated. */
  readonly storedBytes: number;
  readonly sizeBytes: number;
  /** Of its local header. */
  readonly headerOffset: number;
}

const SIGNATURE = {
  local: 0x04034b50,
  central: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
};
const HEADER_BYTES = {local: 30, central: 46, end: 22, end64: 56, locator64: 20};
const COMMENT_LIMIT_BYTES = 0xffff;
const DIRECTORY_LIMIT_BYTES = 2 ** 24; // names a hundred thousand files
const METHODS: Readonly<Record<number, ZipEntry['method']>> = {0: 'stored', 8: 'deflated'};
const ENCRYPTED_FLAG = 1;
const ZIP64_EXTRA = 1;
/** Stands in 32 bits for a number that the zip64 field has. */
const ELSEWHERE = 0xffff_ffff;

/**
 * Reads the central directory of a ZIP, zip64 as well.
 * Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT sections 4.3 and 4.5.3
 * @returns entries by name; folders are left out.
 * @throws ModelFormatError where the directory makes no sense, or an entry is encrypted, stored in another way or
 *   there twice.
 */
export async function readZipDirectory(file: SizedRandomAccess): Promise<ReadonlyMap<string, ZipEntry>> {
  const {offset, length} = await findDirectory(file);
  if (length > DIRECTORY_LIMIT_BYTES) {
    throw new ModelFormatError(`a ZIP directory of ${length} bytes`, `at most ${DIRECTORY_LIMIT_BYTES}`);
  }
  const directory = viewOf(await readExactly(file, offset, length, 'a ZIP directory'));
  const entries = new Map<string, ZipEntry>();
  for (let position = 0; position < length;) {
    const {entry, nextPosition} = readEntry(directory, position);
    position = nextPosition;
    if (entry.name.endsWith('/')) continue;
    if (entries.has(entry.name)) {
      throw new ModelFormatError(`${JSON.stringify(entry.name)} twice in a ZIP`, 'each file once');
    }
    entries.set(entry.name, entry);
  }
  return entries;
}

/** The bytes of an entry as the ZIP has them. Reads its local header, since that may be longer than the directory's. */
export async function openZipEntry(file: SizedRandomAccess, entry: ZipEntry): Promise<SizedRandomAccess> {
  const what = `${JSON.stringify(entry.name)} of a ZIP`;
  const header = viewOf(await readExactly(file, entry.headerOffset, HEADER_BYTES.local, what));
  expectSignature(header, 0, SIGNATURE.local, what);
  const dataOffset =
    entry.headerOffset + HEADER_BYTES.local + header.getUint16(26, true) + header.getUint16(28, true);
  return sectionOf(file, dataOffset, entry.storedBytes, what);
}

async function findDirectory(file: SizedRandomAccess): Promise<{offset: number; length: number}> {
  const tailBytes = Math.min(file.sizeBytes, HEADER_BYTES.end + COMMENT_LIMIT_BYTES);
  const tailOffset = file.sizeBytes - tailBytes;
  const tail = viewOf(await readExactly(file, tailOffset, tailBytes, 'the end of a ZIP'));
  let end = tailBytes - HEADER_BYTES.end;
  while (end >= 0 && tail.getUint32(end, true) !== SIGNATURE.end) end--;
  if (end < 0) throw new ModelFormatError('a ZIP without its directory (cut short?)', 'one that is whole');
  const [length, offset] = [tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)];
  const locator = end - HEADER_BYTES.locator64;
  const isZip64 = locator >= 0 && tail.getUint32(locator, true) === SIGNATURE.locator64;
  return isZip64 ? readEnd64(file, readUint64(tail, locator + 8)) : {offset, length};
}

async function readEnd64(
  file: SizedRandomAccess,
  position: number,
): Promise<{offset: number; length: number}> {
  const what = 'the zip64 end of a ZIP';
  const end = viewOf(await readExactly(file, position, HEADER_BYTES.end64, what));
  expectSignature(end, 0, SIGNATURE.end64, what);
  return {length: readUint64(end, 40), offset: readUint64(end, 48)};
}

function readEntry(directory: DataView, position: number): {entry: ZipEntry; nextPosition: number} {
  expectBytes(directory, position, HEADER_BYTES.central);
  expectSignature(directory, position, SIGNATURE.central, 'an entry of a ZIP directory');
  const uint16 = (field: number): number => directory.getUint16(position + field, true);
  const uint32 = (field: number): number => directory.getUint32(position + field, true);
  const [nameBytes, extraBytes, commentBytes] = [uint16(28), uint16(30), uint16(32)];
  const nameStart = position + HEADER_BYTES.central;
  const nextPosition = nameStart + nameBytes + extraBytes + commentBytes;
  expectBytes(directory, position, nextPosition - position);
  const name = new TextDecoder().decode(
    new Uint8Array(directory.buffer, directory.byteOffset + nameStart, nameBytes),
  );
  const method = METHODS[uint16(10)];
  if (method === undefined || (uint16(8) & ENCRYPTED_FLAG) !== 0) {
    throw new ModelFormatError(
      `${JSON.stringify(name)} in a ZIP by method ${uint16(10)}, flags ${uint16(8)}`,
      'stored or deflated, not encrypted',
    );
  }
  const extra = findZip64Extra(directory, nameStart + nameBytes, extraBytes);
  // the zip64 field holds those of the three that do not fit, in this order
  const [sizeBytes = 0, storedBytes = 0, headerOffset = 0] = [uint32(24), uint32(20), uint32(42)].map(
    (value) => (value === ELSEWHERE ? (extra.shift() ?? value) : value),
  );
  return {entry: {name, method, storedBytes, sizeBytes, headerOffset}, nextPosition};
}

/** The 64-bit numbers of an entry's zip64 field; none where it has no such field. */
function findZip64Extra(directory: DataView, start: number, length: number): number[] {
  for (let position = start; position + 4 <= start + length;) {
    const [id, fieldBytes] = [directory.getUint16(position, true), directory.getUint16(position + 2, true)];
    const fieldStart = position + 4;
    position = fieldStart + fieldBytes;
    if (id !== ZIP64_EXTRA) continue;
    expectBytes(directory, fieldStart, fieldBytes);
    return Array.from({length: Math.floor(Math.min(fieldBytes, 24) / 8)}, (_, index) =>
      readUint64(directory, fieldStart + 8 * index),
    );
  }
  return [];
}

function expectBytes(directory: DataView, position: number, length: number): void {
  if (position + length <= directory.byteLength) return;
  throw new ModelFormatError(
    'a ZIP directory that is cut short',
    `${length} bytes at byte ${position} of it`,
  );
}

function expectSignature(view: DataView, position: number, expected: number, what: string): void {
  const got = view.getUint32(position, true);
  if (got === expected) return;
  throw new ModelFormatError(`${what} that begins with 0x${got.toString(16)}`, `0x${expected.toString(16)}`);
}

/** Inexact above 2⁵³, where no file is. */
function readUint64(view: DataView, position: number): number {
  return Number(view.getBigUint64(position, true));
}

function viewOf({buffer, byteOffset, byteLength}: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
