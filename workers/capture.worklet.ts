import {
  CAPTURE_PROCESSOR,
  MAX_CHANNEL_COUNT,
  POOL_BUFFER_COUNT,
  POOL_BUFFER_SAMPLES,
  RENDER_QUANTUM_SAMPLES,
  type BufferReturn,
  type FromWorklet,
  type PoolBuffer,
  type ToWorklet,
} from '../src/protocol/audio-messages.ts';

/**
 * Copies render quanta into pooled buffers and sends each full one to the worker. Audio thread: never allocates
 * while listening, never blocks, never resamples. With the pool empty the samples are lost; the jump of
 * `firstSample` tells the worker how many. One processor serves all listening runs of a page, one after the other.
 */
class CaptureProcessor extends AudioWorkletProcessor {
  readonly #pool: PoolBuffer[] = [];
  #worker: MessagePort | undefined; // present exactly while listening
  #buffer: PoolBuffer | undefined;
  #sampleCount = 0; // filled so far, per channel
  #channelCount = 1; // of the buffer being filled
  #position = 0; // device-rate index of the next quantum's first sample

  constructor() {
    super();
    this.port.onmessage = ({data}: MessageEvent<ToWorklet>) => {
      if (data.kind === 'connect') this.#connect(data.port);
      else this.#end();
    };
  }

  process(inputs: Float32Array[][]): boolean {
    if (this.#worker) this.#copy(inputs[0]);
    return true;
  }

  #connect(worker: MessagePort): void {
    this.#end();
    this.#worker = worker;
    this.#position = 0;
    // a worker that stopped keeps what was on its way
    while (this.#pool.length < POOL_BUFFER_COUNT) {
      this.#pool.push(new Float32Array(MAX_CHANNEL_COUNT * POOL_BUFFER_SAMPLES));
    }
    worker.onmessage = ({data}: MessageEvent<BufferReturn>) => {
      if (this.#pool.length < POOL_BUFFER_COUNT) this.#pool.push(data.buffer);
    };
  }

  #copy(channels: Float32Array[] | undefined): void {
    // no channels: the source is silent, and time goes on
    const channelCount = Math.min(Math.max(channels?.length ?? 0, 1), MAX_CHANNEL_COUNT);
    if (this.#buffer && channelCount !== this.#channelCount) this.#send();
    this.#buffer ??= this.#pool.pop();
    if (this.#buffer) {
      this.#channelCount = channelCount;
      this.#write(this.#buffer, channels);
    }
    this.#position += RENDER_QUANTUM_SAMPLES;
    if (this.#sampleCount === POOL_BUFFER_SAMPLES) this.#send();
  }

  #write(buffer: PoolBuffer, channels: Float32Array[] | undefined): void {
    for (let channel = 0; channel < this.#channelCount; channel++) {
      const start = channel * POOL_BUFFER_SAMPLES + this.#sampleCount;
      const samples = channels?.[channel];
      if (samples) buffer.set(samples, start);
      else buffer.fill(0, start, start + RENDER_QUANTUM_SAMPLES);
    }
    this.#sampleCount += RENDER_QUANTUM_SAMPLES;
  }

  #send(): void {
    const buffer = this.#buffer;
    if (!buffer || !this.#worker) return;
    const chunk: FromWorklet = {
      kind: 'audio',
      buffer,
      sampleCount: this.#sampleCount,
      channelCount: this.#channelCount,
      firstSample: this.#position - this.#sampleCount,
    };
    this.#worker.postMessage(chunk, [buffer.buffer]);
    this.#buffer = undefined;
    this.#sampleCount = 0;
  }

  #end(): void {
    this.#send();
    const last: FromWorklet = {kind: 'audio-end'};
    this.#worker?.postMessage(last);
    this.#worker = undefined;
  }
}

registerProcessor(CAPTURE_PROCESSOR, CaptureProcessor);
