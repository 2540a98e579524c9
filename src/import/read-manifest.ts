import type {ElementType} from '../graph/graph.ts';
import {ModelFormatError} from '../graph/model-format-error.ts';
import {PRECISIONS} from '../graph/precision.ts';
import {checkOpenShape} from '../graph/shape.ts';
import {
  MANIFEST_FORMAT,
  type FileRecord,
  type Manifest,
  type SourceRecord,
  type ValueRecord,
} from './manifest.ts';

type Fields = Readonly<Record<string, unknown>>;

const ELEMENT_TYPES = [
  'float32',
  'int8',
  'uint8',
  'int32',
  'int64',
] as const satisfies readonly ElementType[];
const MAX_FILE_COUNT = 16;
const MAX_VALUE_COUNT = 64;

/** A name without a folder, a drive or a way out of the folder. */
const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * Reads a manifest and checks every field. Any thread.
 * @throws ModelFormatError where it is not JSON, of another version, or a field is not what it must be.
 */
export function readManifest(text: string): Manifest {
  const fields = record(parse(text), 'a manifest');
  if (fields['format'] !== MANIFEST_FORMAT) {
    throw refuse('format', fields['format'], String(MANIFEST_FORMAT));
  }
  return {
    format: MANIFEST_FORMAT,
    system: string(fields, 'system'),
    precision: oneOf(fields, 'precision', PRECISIONS),
    producer: string(fields, 'producer'),
    source: readSource(record(fields['source'], 'source')),
    files: readFiles(list(fields, 'files', MAX_FILE_COUNT)),
    inputs: list(fields, 'inputs', MAX_VALUE_COUNT).map(readValue),
    outputs: list(fields, 'outputs', MAX_VALUE_COUNT).map(readValue),
  };
}

function readSource(fields: Fields): SourceRecord {
  const {verified} = fields;
  if (typeof verified !== 'boolean') throw refuse('verified', verified, 'true or false');
  return {
    name: string(fields, 'name'),
    bytes: byteCount(fields),
    sha256: sha256(fields),
    verified,
    what: string(fields, 'what'),
  };
}

function readFiles(values: readonly unknown[]): readonly FileRecord[] {
  const files = values.map((value) => {
    const fields = record(value, 'a file');
    const path = string(fields, 'path');
    if (!PLAIN_NAME.test(path)) throw refuse('path', path, 'a plain file name');
    return {path, bytes: byteCount(fields), sha256: sha256(fields)};
  });
  const twice = files.find(({path}, index) => files.findIndex((file) => file.path === path) !== index);
  if (twice) throw refuse('path', twice.path, 'each file once');
  return files;
}

function readValue(value: unknown): ValueRecord {
  const fields = record(value, 'an input or output');
  const name = string(fields, 'name');
  const {shape} = fields;
  if (!Array.isArray(shape) || !shape.every((size) => typeof size === 'number')) {
    throw refuse(`shape of ${name}`, shape, 'a list of sizes');
  }
  checkOpenShape(shape, name);
  return {name, type: oneOf(fields, 'type', ELEMENT_TYPES), shape};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ModelFormatError(`a manifest that does not parse (${String(error)})`, 'JSON');
  }
}

function record(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new ModelFormatError(`${JSON.stringify(value)} as ${what}`, 'an object');
}

function list(fields: Fields, key: string, maxCount: number): readonly unknown[] {
  const value = fields[key];
  if (Array.isArray(value) && value.length >= 1 && value.length <= maxCount) return value;
  throw refuse(key, value, `a list of 1 to ${maxCount}`);
}

function string(fields: Fields, key: string): string {
  const value = fields[key];
  if (typeof value === 'string' && value !== '') return value;
  throw refuse(key, value, 'a text');
}

function oneOf<Word extends string>(fields: Fields, key: string, words: readonly Word[]): Word {
  const value = fields[key];
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  throw refuse(key, value, words.join(' or '));
}

function byteCount({bytes}: Fields): number {
  if (typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw refuse('bytes', bytes, 'a whole number, 0 or more');
}

function sha256(fields: Fields): string {
  const value = string(fields, 'sha256');
  if (SHA256.test(value)) return value;
  throw refuse('sha256', value, '64 hexadecimal digits in lower case');
}

function refuse(key: string, got: unknown, expected: string): ModelFormatError {
  const text = got === undefined ? 'nothing' : JSON.stringify(got);
  return new ModelFormatError(`${key} ${text.slice(0, 100)} in a manifest`, expected);
}
