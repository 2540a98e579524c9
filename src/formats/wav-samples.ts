import {AudioFormatError} from './audio-format-error.ts';

/** How one sample is stored in a WAV file. */
export type WavEncoding = 'uint8' | 'int16' | 'int24' | 'int32' | 'float32' | 'float64';

/** Reads one sample at a byte offset. */
type SampleReader = (view: DataView, offset: number) => number;

// Full scale of n-bit integers is 2^(n−1), a power of two: the division is exact, and for up to 24 bits so is the
// rounding to float32. 8-bit samples are unsigned with their zero at 128 (RIFF specification, "PCM data format").
const readers: Readonly<Record<WavEncoding, SampleReader>> = {
  uint8: (view, offset) => (view.getUint8(offset) - 128) / 128,
  int16: (view, offset) => view.getInt16(offset, true) / 32768,
  int24: (view, offset) => (view.getInt16(offset + 1, true) * 256 + view.getUint8(offset)) / 8388608,
  int32: (view, offset) => view.getInt32(offset, true) / 2147483648,
  float32: (view, offset) => view.getFloat32(offset, true),
  float64: (view, offset) => view.getFloat64(offset, true),
};

/** Bytes that one sample takes. */
export const WAV_SAMPLE_BYTES: Readonly<Record<WavEncoding, number>> = {
  uint8: 1,
  int16: 2,
  int24: 3,
  int32: 4,
  float32: 4,
  float64: 8,
};

/**
 * Takes interleaved samples apart into one array per channel. Any thread.
 * @param view exactly the data; a last incomplete set of samples is left out.
 * @param startSample index in the file of the first one, for the message.
 * @throws AudioFormatError where a float sample is not finite: one NaN would silence every later answer.
 */
export function deinterleave(
  view: DataView,
  {encoding, channelCount}: {readonly encoding: WavEncoding; readonly channelCount: number},
  startSample: number,
): Float32Array[] {
  const read = readers[encoding];
  const sampleBytes = WAV_SAMPLE_BYTES[encoding];
  const strideBytes = sampleBytes * channelCount;
  const sampleCount = Math.floor(view.byteLength / strideBytes);
  return Array.from({length: channelCount}, (_, channel) => {
    const samples = new Float32Array(sampleCount);
    for (let index = 0; index < sampleCount; index++) {
      samples[index] = read(view, index * strideBytes + channel * sampleBytes);
    }
    checkFinite(samples, startSample);
    return samples;
  });
}

function checkFinite(samples: Float32Array, startSample: number): void {
  const index = samples.findIndex((sample) => !Number.isFinite(sample));
  if (index < 0) return;
  throw new AudioFormatError(
    `${String(samples[index])} as sample ${String(startSample + index)}`,
    'finite samples',
  );
}
