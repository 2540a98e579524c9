import {averageChannels} from '../frames/channel-average.ts';
import {Resampler} from '../frames/resampler.ts';

/** A whole recording, as an audio file's reader gives it. */
export interface RecordedAudio {
  readonly sampleRateHz: number;
  /** One array per channel, all of one length. */
  readonly channels: readonly Float32Array[];
}

/**
 * A whole recording as one channel at another rate, the channels averaged and the resampler's delay taken out to the
 * nearest sample. Any thread. Allocates the result.
 */
export function toMonoAtRate({channels, sampleRateHz}: RecordedAudio, rateHz: number): Float32Array {
  const mono = averageWhole(channels);
  if (sampleRateHz === rateHz) return mono;
  const resampler = new Resampler({inputRateHz: sampleRateHz, outputRateHz: rateHz});
  const flushed = new Float32Array(mono.length + 2 * resampler.delayInputSamples); // zeros push the end out
  flushed.set(mono);
  const resampled = new Float32Array(resampler.maxOutputLength(flushed.length));
  resampler.process(flushed, resampled);
  const delay = Math.round(resampler.delaySamples);
  return resampled.slice(delay, delay + Math.round((mono.length * rateHz) / sampleRateHz));
}

function averageWhole(channels: readonly Float32Array[]): Float32Array {
  const length = channels[0]?.length ?? 0;
  const planar = new Float32Array(channels.length * length);
  channels.forEach((samples, channel) => planar.set(samples, channel * length));
  const mono = new Float32Array(length);
  averageChannels(planar, channels.length, mono);
  return mono;
}
