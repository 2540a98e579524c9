import {SpeechError} from '../protocol/speech-error.ts';
import {chunksOfStream} from './chunks-of-stream.ts';

/** How to read weights. */
export interface ReadWeightsOptions {
  /** More than this is refused before it is kept. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly onProgress: (loadedBytes: number, totalBytes: number) => void;
}

/**
 * Reads a whole weights file, from the user's file or from a URL. Worker.
 * @throws SpeechError `network` where the URL does not deliver, `model-integrity` where the file is larger than allowed.
 */
export async function readWeights(source: Blob | string, options: ReadWeightsOptions): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let byteCount = 0;
  for await (const chunk of chunksOf(source, options)) {
    chunks.push(chunk);
    byteCount += chunk.length;
  }
  return concatenate(chunks, byteCount);
}

/**
 * Downloads a file of hundreds of megabytes as a Blob, which the browser keeps outside of the worker's memory. Worker.
 * @throws as {@link readWeights}.
 */
export async function downloadBlob(url: string, options: ReadWeightsOptions): Promise<Blob> {
  const pieces: Blob[] = [];
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  let chunkBytes = 0;
  for await (const chunk of chunksOf(url, options)) {
    chunks.push(chunk);
    chunkBytes += chunk.length;
    if (chunkBytes < BLOB_PIECE_BYTES) continue;
    pieces.push(new Blob(chunks));
    [chunks, chunkBytes] = [[], 0];
  }
  return new Blob([...pieces, ...chunks]);
}

/** Bytes that are held until they become part of a Blob. */
const BLOB_PIECE_BYTES = 8 * 1024 * 1024;

type ByteStream = AsyncIterable<Uint8Array<ArrayBuffer>>;

async function* chunksOf(
  source: Blob | string,
  {maxBytes, signal, onProgress}: ReadWeightsOptions,
): ByteStream {
  const {stream, totalBytes} =
    typeof source === 'string' ? await openUrl(source, signal) : openBlob(source, maxBytes);
  let loadedBytes = 0;
  for await (const chunk of stream) {
    signal.throwIfAborted();
    loadedBytes += chunk.length;
    if (loadedBytes > maxBytes) throw tooLarge(`${String(loadedBytes)} bytes and more`, maxBytes);
    yield chunk;
    onProgress(loadedBytes, totalBytes);
  }
}

function openBlob(blob: Blob, maxBytes: number): {stream: ByteStream; totalBytes: number} {
  if (blob.size > maxBytes) throw tooLarge(`${String(blob.size)} bytes`, maxBytes);
  return {stream: chunksOfStream(blob.stream()), totalBytes: blob.size};
}

async function openUrl(url: string, signal: AbortSignal): Promise<{stream: ByteStream; totalBytes: number}> {
  const response = await fetch(url, {signal}).catch((cause: unknown) => {
    if (signal.aborted) throw signal.reason;
    // fetch hides the reason from scripts: offline, a refused host and the page's own policy look the same
    throw new SpeechError(
      'network',
      `got no answer from ${url}, expected a weights file; is its host in the page's connect-src?`,
      {cause},
    );
  });
  if (!response.ok || !response.body) {
    throw new SpeechError('network', `got HTTP status ${String(response.status)} for ${url}, expected 200`);
  }
  return {
    stream: chunksOfStream(response.body),
    totalBytes: Number(response.headers.get('content-length') ?? 0),
  };
}

function concatenate(chunks: readonly Uint8Array[], byteCount: number): Uint8Array {
  const bytes = new Uint8Array(byteCount);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function tooLarge(got: string, maxBytes: number): SpeechError {
  return new SpeechError('model-integrity', `got a file of ${got}, expected at most ${String(maxBytes)}`);
}
