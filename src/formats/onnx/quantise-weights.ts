/** Weights as 8-bit integers: real = scale[channel] · value. Symmetric, so that zero stays zero. */
export interface QuantisedWeights {
  readonly values: Int8Array; // −127…127
  readonly scale: Float32Array; // [channels]
}

/** Where the weights of each output channel lie among all: at channel · channelStep + index · step. */
export interface ChannelLayout {
  readonly channelCount: number;
  readonly channelStep: number;
  readonly step: number;
}

/** The largest stored value; −128 is left out, so that the range is symmetric. */
const LARGEST = 127;

/**
 * Quantises weights, each output channel by the largest of its own, to the nearest value.
 * @param from where the weights of a channel lie in `weights`; `to`: where in the values.
 */
export function quantiseWeights(
  weights: Float32Array,
  from: ChannelLayout,
  to: ChannelLayout = from,
): QuantisedWeights {
  const {channelCount} = from;
  const length = weights.length / channelCount;
  const values = new Int8Array(weights.length);
  const scale = new Float32Array(channelCount);
  for (let channel = 0; channel < channelCount; channel++) {
    const first = channel * from.channelStep;
    let largest = 0;
    for (let index = 0; index < length; index++) {
      largest = Math.max(largest, Math.abs(weights[first + index * from.step] ?? 0));
    }
    scale[channel] = largest === 0 ? 1 : largest / LARGEST; // a channel of zeros is one at any scale
    const inverse = largest === 0 ? 0 : LARGEST / largest;
    const target = channel * to.channelStep;
    for (let index = 0; index < length; index++) {
      values[target + index * to.step] = Math.round((weights[first + index * from.step] ?? 0) * inverse);
    }
  }
  return {values, scale};
}
