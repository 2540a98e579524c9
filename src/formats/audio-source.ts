import {randomAccessOf, type RandomAccess} from './random-access.ts';

/** Where an audio file comes from: a file of the visitor's, the body of a response, or anything that can be read. */
export type AudioSource = Blob | ReadableStream<Uint8Array> | RandomAccess;

/** Bytes asked for at once. */
const PIECE_BYTES = 2 ** 16;

/** Bytes of the whole source; undefined where only its end will tell. */
export function sizeOf(source: AudioSource): number | undefined {
  if (source instanceof Blob) return source.size;
  return 'sizeBytes' in source ? source.sizeBytes : undefined;
}

/**
 * The bytes of a source, piece by piece. A stream is cancelled where the caller stops before its end or the signal
 * aborts. Any thread.
 * @throws the signal's reason; whatever reading rejects with.
 */
export async function* piecesOf(source: AudioSource, signal?: AbortSignal): AsyncGenerator<Uint8Array, void> {
  if (source instanceof ReadableStream) {
    yield* piecesOfStream(source, signal);
    return;
  }
  const file = source instanceof Blob ? randomAccessOf(source) : source;
  for (let offset = 0; ;) {
    signal?.throwIfAborted();
    const piece = await file.read(offset, PIECE_BYTES);
    signal?.throwIfAborted();
    if (piece.length === 0) return;
    offset += piece.length;
    yield piece;
  }
}

async function* piecesOfStream(
  stream: ReadableStream<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  // cancelling settles a read that waits; what it then rejects with is told by the signal
  const cancel = (): void => void reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener('abort', cancel);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const {done, value} = await reader.read();
      signal?.throwIfAborted();
      if (done) return;
      yield value;
    }
  } finally {
    signal?.removeEventListener('abort', cancel);
    cancel();
  }
}
