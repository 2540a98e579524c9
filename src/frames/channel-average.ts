/**
 * Writes the average of all channels, sample by sample.
 * @param channels planar [channelCount × frameLength]: all of channel 0, then all of channel 1, …
 * @param channelCount 1 or more; one channel is copied as it is.
 * @param out [≥ frameLength], written from 0. Must not alias `channels`.
 * Any thread. Sums in doubles. Allocates nothing. Throws `RangeError` where the lengths do not fit.
 */
export function averageChannels(channels: Float32Array, channelCount: number, out: Float32Array): void {
  const frameLength = channels.length / channelCount;
  if (channelCount < 1 || !Number.isInteger(frameLength) || !(frameLength <= out.length)) {
    throw new RangeError(
      `channel average: got ${channels.length} samples in ${channelCount} channels and room for ${out.length}, ` +
        'expected whole channels that fit the room',
    );
  }
  if (channelCount === 1) {
    out.set(channels);
    return;
  }
  const gain = 1 / channelCount;
  for (let index = 0; index < frameLength; index++) {
    let sum = 0;
    for (let sample = index; sample < channels.length; sample += frameLength) sum += channels[sample];
    out[index] = sum * gain;
  }
}
