/**
 * The weights of a convolution that is stored as magnitude and direction, one magnitude for each place of the kernel
 * (PyTorch's weight_norm with dim = 2): weight[o, i, k] = magnitude[k] · direction[o, i, k] / ‖direction[·, ·, k]‖.
 * Any thread. Sums in doubles.
 * @param direction [outputs × inputs × kernel], row-major; is overwritten with the weights and given back.
 * @param magnitude [kernel].
 */
export function joinWeightNorm(direction: Float32Array, magnitude: Float32Array): Float32Array {
  const kernel = magnitude.length;
  const factors = new Float64Array(kernel);
  for (let index = 0; index < direction.length; index++) {
    const value = direction[index] ?? 0;
    factors[index % kernel] = (factors[index % kernel] ?? 0) + value * value;
  }
  for (let place = 0; place < kernel; place++) {
    factors[place] = (magnitude[place] ?? 0) / Math.sqrt(factors[place] ?? 0);
  }
  for (let index = 0; index < direction.length; index++) {
    direction[index] = (direction[index] ?? 0) * (factors[index % kernel] ?? 0);
  }
  return direction;
}
