import type {ExternalDataFile} from './onnx-session.ts';

/** A file that holds constants of a network, read. */
interface LoadedFile {
  readonly path: string;
  readonly data: Uint8Array;
}

/** A buffer as ES2024 has it; the oldest browsers served have no `transfer`. */
type TransferableBuffer = ArrayBuffer & {readonly transfer?: (byteLength: number) => ArrayBuffer};

/** Read at once. Chromium keeps a copy of what `arrayBuffer()` gave until it next collects; of this size it may. */
const PIECE_BYTES = 4 * 2 ** 20;

/**
 * Reads files that hold constants of a network, and gives their memory back as soon as they have been used: left to the
 * collector, it would still be held while the network first runs, when most is needed.
 * @param use gets the bytes of each; where `data` was bytes, those, which stay.
 */
export async function withExternalData<Value>(
  files: readonly ExternalDataFile[],
  use: (files: readonly LoadedFile[]) => Promise<Value>,
): Promise<Value> {
  const buffers: TransferableBuffer[] = [];
  try {
    const loaded: LoadedFile[] = [];
    for (const {path, data} of files) {
      loaded.push({path, data: data instanceof Blob ? await readBlob(data, buffers) : data});
    }
    return await use(loaded);
  } finally {
    for (const buffer of buffers) buffer.transfer?.(0);
  }
}

async function readBlob(blob: Blob, buffers: ArrayBuffer[]): Promise<Uint8Array> {
  const bytes = new Uint8Array(blob.size);
  buffers.push(bytes.buffer);
  for (let start = 0; start < blob.size; start += PIECE_BYTES) {
    const piece = blob.slice(start, start + PIECE_BYTES);
    bytes.set(new Uint8Array(await piece.arrayBuffer()), start);
  }
  return bytes;
}
