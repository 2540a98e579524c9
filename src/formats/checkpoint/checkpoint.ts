import {ModelFormatError} from '../../graph/model-format-error.ts';
import {randomAccessOf, type SizedRandomAccess} from '../random-access.ts';
import {readExactly} from './file-bytes.ts';
import {openSafetensors} from './safetensors-checkpoint.ts';
import {openTorchLegacy} from './torch-legacy.ts';
import {isTorchZip, openTorchZip} from './torch-zip.ts';
import {openZippedFile, type KeepInflated} from './zipped-file.ts';
import {readZipDirectory} from './zip-directory.ts';

/** A tensor of a checkpoint; its values stay in the file until they are asked for. */
export interface StoredTensor {
  readonly name: string;
  /** As stored: `F32`, `F16`, `BF16`, `F64`, `I64`, `I32`, `I16`, `I8`, `U8`, `BOOL`. */
  readonly type: string;
  /** [] for a scalar. */
  readonly shape: readonly number[];
  /**
   * Reads the values, row-major, and nothing else of the file.
   * @throws ModelFormatError where the file is shorter than it says.
   */
  read(): Promise<Float32Array>;
}

/** A state dictionary and what surrounds it. */
export interface Checkpoint {
  readonly format: 'torch-zip' | 'torch-legacy' | 'safetensors';
  /** By name as stored, in the order of the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Scalars of the dictionary around the state dictionary, such as `hidden_size`; {} where there is none. */
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}

/** How a checkpoint is opened. */
export interface OpenCheckpointOptions {
  /**
   * Puts the inflated bytes of a file in a deflated ZIP where they can be read from anywhere. Default: a Blob, which
   * a browser keeps on disk where it is large; Node keeps a Blob in memory, so there a temporary file is better.
   */
  readonly keepInflated?: KeepInflated;
}

/** Longest start of a file that tells its format. */
const SNIFF_BYTES = 9;
const ZIP_SIGNATURE = 0x04034b50;
const PICKLE_PROTO = 0x80;
const BRACE = 0x7b;

/**
 * Opens a published checkpoint: what `torch.save` writes (a ZIP, or the stream of torch before 1.6), a safetensors
 * file, or a ZIP around one of these. Reads names, types and shapes; nothing in the file is executed, and values stay
 * in it until they are asked for. Any thread.
 * @throws ModelFormatError where the file is something else, refers to anything but tensors and plain values, or
 *   breaks its format; whatever reading the file rejects with.
 */
export async function openCheckpoint(
  source: SizedRandomAccess | Blob,
  {keepInflated = keepBlob}: OpenCheckpointOptions = {},
): Promise<Checkpoint> {
  const file = source instanceof Blob ? randomAccessOf(source) : source;
  if ((await sniff(file)) !== 'zip') return openUnzipped(file);
  const entries = await readZipDirectory(file);
  if (isTorchZip(entries)) return openTorchZip(file, entries);
  return openUnzipped(await openZippedFile(file, entries, keepInflated));
}

/** A checkpoint that has no other ZIP around it. */
async function openUnzipped(file: SizedRandomAccess): Promise<Checkpoint> {
  switch (await sniff(file)) {
    case 'safetensors':
      return openSafetensors(file);
    case 'pickle':
      return openTorchLegacy(file);
    case 'zip':
      return openTorchZip(file, await readZipDirectory(file));
  }
}

/**
 * The format, by the first bytes. Those of safetensors are the length of its header, which is shorter than 4 GB, and
 * the brace with which that begins.
 */
async function sniff(file: SizedRandomAccess): Promise<'zip' | 'pickle' | 'safetensors'> {
  const {buffer, byteOffset} = await readExactly(file, 0, SNIFF_BYTES, 'the start of a checkpoint');
  const start = new DataView(buffer, byteOffset);
  if (start.getUint32(0, true) === ZIP_SIGNATURE) return 'zip';
  if (start.getUint32(4, true) === 0 && start.getUint8(8) === BRACE) return 'safetensors';
  if (start.getUint8(0) === PICKLE_PROTO) return 'pickle';
  throw new ModelFormatError(
    `a file that begins with ${start.getUint32(0, false).toString(16).padStart(8, '0')}`,
    'a checkpoint: torch.save (ZIP or pickle), safetensors, or a ZIP around one',
  );
}

async function keepBlob(inflated: ReadableStream<Uint8Array>): Promise<SizedRandomAccess> {
  return randomAccessOf(await new Response(inflated as ReadableStream<Uint8Array<ArrayBuffer>>).blob());
}
