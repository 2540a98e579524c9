import {SpeechError} from '../protocol/speech-error.ts';

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
export async function readWeights(
  source: Blob | string,
  {maxBytes, signal, onProgress}: ReadWeightsOptions,
): Promise<Uint8Array> {
  const {stream, totalBytes} =
    typeof source === 'string' ? await openUrl(source, signal) : openBlob(source, maxBytes);
  const chunks: Uint8Array[] = [];
  let loadedBytes = 0;
  for await (const chunk of stream) {
    signal.throwIfAborted();
    loadedBytes += chunk.length;
    if (loadedBytes > maxBytes) throw tooLarge(`${String(loadedBytes)} bytes and more`, maxBytes);
    chunks.push(chunk);
    onProgress(loadedBytes, totalBytes);
  }
  return concatenate(chunks, loadedBytes);
}

type ByteStream = AsyncIterable<Uint8Array>;

function openBlob(blob: Blob, maxBytes: number): {stream: ByteStream; totalBytes: number} {
  if (blob.size > maxBytes) throw tooLarge(`${String(blob.size)} bytes`, maxBytes);
  return {stream: iterate(blob.stream()), totalBytes: blob.size};
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
  return {stream: iterate(response.body), totalBytes: Number(response.headers.get('content-length') ?? 0)};
}

/** Safari's streams are not async-iterable. */
async function* iterate(stream: ReadableStream<Uint8Array>): ByteStream {
  const reader = stream.getReader();
  try {
    for (;;) {
      const {done, value} = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
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
