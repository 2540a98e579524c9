/**
 * What crosses the direct port between the capture worklet (audio thread) and the speech worker. Buffers of a
 * fixed pool go one way full and come back empty: nothing is allocated while listening, nothing can pile up.
 */

/** Samples per render quantum: fixed by the Web Audio specification. */
export const RENDER_QUANTUM_SAMPLES = 128;

/** Samples per channel of one pooled buffer: 8 quanta, 21 ms at 48 kHz, about two of Chromium's 10 ms batches. */
export const POOL_BUFFER_SAMPLES = 8 * RENDER_QUANTUM_SAMPLES;

/**
 * Buffers in the pool: 64 × 21 ms = 1.4 s at 48 kHz that the worker may be busy (compiling WebAssembly, say)
 * before a sample is lost. Costs 512 KiB.
 */
export const POOL_BUFFER_COUNT = 64;

/** Channels kept per buffer; a device with more is down-mixed to this by the audio graph. */
export const MAX_CHANNEL_COUNT = 2;

/** Name under which the worklet registers its processor. */
export const CAPTURE_PROCESSOR = 'earshot-capture';

/** One buffer of the pool. */
export type PoolBuffer = Float32Array<ArrayBuffer>;

/** Audio thread → worker: one pooled buffer, planar with a stride of POOL_BUFFER_SAMPLES. */
export interface AudioChunk {
  readonly kind: 'audio';
  readonly buffer: PoolBuffer; // [MAX_CHANNEL_COUNT × POOL_BUFFER_SAMPLES], transferred
  readonly sampleCount: number; // valid samples per channel, ≤ POOL_BUFFER_SAMPLES
  readonly channelCount: number; // 1…MAX_CHANNEL_COUNT
  readonly firstSample: number; // index at the device's rate; a jump tells of an overrun
}

/** Audio thread → worker: the last chunk has been sent. */
export interface AudioEnd {
  readonly kind: 'audio-end';
}

/** What the worker receives from the worklet. */
export type FromWorklet = AudioChunk | AudioEnd;

/** Worker → audio thread: an emptied buffer comes back to the pool. */
export interface BufferReturn {
  readonly kind: 'return';
  readonly buffer: PoolBuffer; // transferred
}

/** Page → audio thread, on the node's own port: where to send the audio (port transferred), and when to end. */
export type ToWorklet = {readonly kind: 'connect'; readonly port: MessagePort} | {readonly kind: 'end'};
