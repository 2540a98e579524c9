import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {CliError, namingFile} from './cli-error.ts';

/** One clip of a labelled set. */
export interface LabelledClip {
  /** Path as the index states it, relative to the folder. */
  readonly file: string;
  readonly label: string;
}

/** One utterance of a transcribed set. */
export interface SpokenClip {
  /** Path as the index states it, relative to the folder. */
  readonly file: string;
  readonly text: string;
}

/**
 * Reads a folder's index.jsonl: one JSON object {file, label} a line, further fields ignored.
 * @throws CliError where it cannot be read, a line is not such an object, or it lists nothing.
 */
export async function readDataIndex(folder: string): Promise<LabelledClip[]> {
  const entries = await readIndex(folder, 'label');
  return entries.map(({file, value}) => ({file, label: value}));
}

/** As {@link readDataIndex}, of {file, text}. */
export async function readUtteranceIndex(folder: string): Promise<SpokenClip[]> {
  const entries = await readIndex(folder, 'text');
  return entries.map(({file, value}) => ({file, text: value}));
}

async function readIndex(folder: string, field: 'label' | 'text'): Promise<IndexEntry[]> {
  const path = join(folder, 'index.jsonl');
  const text = await namingFile(path, () => readFile(path, 'utf8'));
  const entries = text
    .split('\n')
    .flatMap((line, index) =>
      line.trim() === '' ? [] : [parseEntry(line, field, `${path} line ${index + 1}`)],
    );
  if (entries.length === 0) throw new CliError(`${path}: got no clips, expected {"file", "${field}"} a line`);
  return entries;
}

interface IndexEntry {
  readonly file: string;
  readonly value: string;
}

/** As many clips as asked for, spread evenly over all, because an index is often sorted by label. */
export function spreadEvenly<Item>(items: readonly Item[], count: number): Item[] {
  if (count >= items.length) return [...items];
  return Array.from({length: count}, (_, index) => items[Math.floor((index * items.length) / count)]).filter(
    (item) => item !== undefined,
  );
}

function parseEntry(line: string, field: 'label' | 'text', where: string): IndexEntry {
  const {file, [field]: value} = parseJsonObject(line, where);
  if (typeof file === 'string' && typeof value === 'string') return {file, value};
  throw new CliError(`${where}: got ${line.trim().slice(0, 80)}, expected {"file": "…", "${field}": "…"}`);
}

/**
 * Parses one JSON object; fields of any kind.
 * @throws CliError that says where it stands.
 */
export function parseJsonObject(text: string, where: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CliError(`${where}: ${cause instanceof Error ? cause.message : 'no JSON'}`, {cause});
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return {...value};
  throw new CliError(`${where}: got ${text.trim().slice(0, 80)}, expected a JSON object`);
}
