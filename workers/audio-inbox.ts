import type {AudioPipeline} from '../src/pipeline/audio-pipeline.ts';
import {assertNever} from '../src/protocol/assert-never.ts';
import {
  POOL_BUFFER_SAMPLES,
  type AudioChunk,
  type BufferReturn,
  type FromWorklet,
} from '../src/protocol/audio-messages.ts';

/**
 * Feeds what the worklet sends into a pipeline and gives every buffer back at once.
 * Worker. Closes the port with `close()`.
 */
export class AudioInbox {
  readonly #port: MessagePort;
  readonly #pipeline: AudioPipeline;
  readonly #onChunk: () => void;

  /** @param onChunk called after each chunk has reached the pipeline. */
  constructor(port: MessagePort, pipeline: AudioPipeline, onChunk: () => void) {
    this.#port = port;
    this.#pipeline = pipeline;
    this.#onChunk = onChunk;
    port.onmessage = ({data}: MessageEvent<FromWorklet>) => {
      this.#receive(data);
    };
  }

  /** Stops receiving. Idempotent. */
  close(): void {
    this.#port.onmessage = null;
    this.#port.close();
  }

  #receive(message: FromWorklet): void {
    switch (message.kind) {
      case 'audio':
        this.#accept(message);
        break;
      case 'audio-end':
        this.close();
        break;
      default:
        assertNever(message);
    }
  }

  #accept({buffer, sampleCount, channelCount, firstSample}: AudioChunk): void {
    const audio = {samples: buffer, stride: POOL_BUFFER_SAMPLES, channelCount, sampleCount};
    this.#pipeline.accept(audio, firstSample);
    const empty: BufferReturn = {kind: 'return', buffer};
    this.#port.postMessage(empty, [buffer.buffer]);
    this.#onChunk();
  }
}
