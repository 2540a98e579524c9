import {describe, expect, it} from 'vitest';
import {averageChannels} from '../../../src/frames/channel-average.ts';

describe('averageChannels', () => {
  it('averages planar channels sample by sample', () => {
    const out = new Float32Array(3);
    averageChannels(Float32Array.of(1, 2, 3, 3, 4, 5), 2, out);
    expect([...out]).toEqual([2, 3, 4]);
  });

  it('copies a single channel to the last bit', () => {
    const out = new Float32Array(2);
    averageChannels(Float32Array.of(0.1, -0.7), 1, out);
    expect(out).toEqual(Float32Array.of(0.1, -0.7));
  });

  it('keeps the value of channels that are equal, whatever their number', () => {
    for (let channelCount = 1; channelCount <= 32; channelCount++) {
      const out = new Float32Array(4);
      averageChannels(new Float32Array(4 * channelCount).fill(0.3), channelCount, out);
      expect([...out], `${channelCount} channels`).toEqual([...new Float32Array(4).fill(0.3)]);
    }
  });

  it('writes no further than the frame', () => {
    const out = Float32Array.of(9, 9, 9, 9);
    averageChannels(Float32Array.of(1, 1, 3, 3), 2, out);
    expect([...out]).toEqual([2, 2, 9, 9]);
  });

  it.each([
    [5, 2, 8],
    [4, 0, 8],
    [4, 2, 1],
  ])('refuses %i samples in %i channels with room for %i', (length, channelCount, room) => {
    expect(() => averageChannels(new Float32Array(length), channelCount, new Float32Array(room))).toThrow(
      `got ${length} samples in ${channelCount} channels and room for ${room}`,
    );
  });
});
