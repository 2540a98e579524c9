import {readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {hasShared, sharedPath} from './shared.ts';

/** Folder of the golden numbers. */
export const goldenRoot = resolve(import.meta.dirname, '../goldens');

/** One array made by the independent reference: see test/goldens/README.md. */
export interface Golden {
  /** "system.stage" or "system.stage.clip". */
  readonly name: string;
  readonly clip: string | null;
  readonly shape: readonly number[];
  readonly values: Float32Array | Int8Array;
  readonly toleranceAbs: number;
  /** Present on int8 arrays. */
  readonly quantisation: {readonly scale: number; readonly zeroPoint: number} | undefined;
}

interface IndexEntry {
  readonly system: string;
  readonly stage: string;
  readonly clip: string | null;
  readonly file: string;
  readonly dtype: 'f32' | 'i8';
  readonly shape: readonly number[];
  readonly tolerance_abs: number;
  readonly quant_scale?: number;
  readonly quant_zero_point?: number;
}

const entries = (
  JSON.parse(readFileSync(join(goldenRoot, 'index.json'), 'utf8')) as {features: readonly IndexEntry[]}
).features;

const committedClips = new Set(
  (JSON.parse(readFileSync(join(goldenRoot, 'audio.json'), 'utf8')) as readonly {name: string}[]).map(
    ({name}) => name,
  ),
);

/** Names of all goldens of one stage, e.g. "kws.mfcc". */
export function goldenNames(stage: string): readonly string[] {
  return entries.map(nameOf).filter((name) => name === stage || name.startsWith(`${stage}.`));
}

/** Reads one golden. @throws Error where there is none of that name. */
export function loadGolden(name: string): Golden {
  const entry = entries.find((candidate) => nameOf(candidate) === name);
  if (entry === undefined) throw new Error(`test/goldens/index.json has no ${name}`);
  const bytes = new Uint8Array(readFileSync(join(goldenRoot, entry.file))).buffer;
  const {quant_scale: scale, quant_zero_point: zeroPoint} = entry;
  return {
    name,
    clip: entry.clip,
    shape: entry.shape,
    values: entry.dtype === 'i8' ? new Int8Array(bytes) : new Float32Array(bytes),
    toleranceAbs: entry.tolerance_abs,
    quantisation: scale === undefined || zeroPoint === undefined ? undefined : {scale, zeroPoint},
  };
}

/** Whether a clip can be read: generated clips are committed, recordings of people need the shared material. */
export function hasClip(clip: string): boolean {
  return committedClips.has(clip) || hasShared;
}

/** Samples of a 16 kHz golden clip, int16 / 32768. */
export function loadClip(clip: string): Float32Array {
  const path = committedClips.has(clip)
    ? join(goldenRoot, 'audio', `${clip}.wav`)
    : sharedPath('reference', 'golden', 'audio', `${clip}.wav`);
  const file = readFileSync(path);
  const data = file.indexOf('data', 12, 'latin1') + 8;
  const sampleCount = file.readUInt32LE(data - 4) / 2;
  return Float32Array.from({length: sampleCount}, (_, index) => file.readInt16LE(data + 2 * index) / 32768);
}

function nameOf(entry: IndexEntry): string {
  return [entry.system, entry.stage, entry.clip].filter((part) => part !== null).join('.');
}
