/** How a window slides in TFLite's own terms; pairs are [height, width]. */
export interface NhwcWindow {
  readonly padding: 'same' | 'valid';
  readonly strides: readonly [number, number];
  readonly dilations?: readonly [number, number];
}

/** A channels-last image, [height, width, channels] row-major, of one batch. */
export interface NhwcImage {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: ArrayLike<number>;
}

/** For each place of the window along one axis: which cells inside the image its taps meet. */
function place(
  size: number,
  kernel: number,
  axis: 0 | 1,
  window: NhwcWindow,
): readonly (readonly {cell: number; tap: number}[])[] {
  const stride = window.strides[axis];
  const dilation = window.dilations?.[axis] ?? 1;
  const span = dilation * (kernel - 1) + 1;
  const isSame = window.padding === 'same';
  const count = Math.ceil((isSame ? size : size - span + 1) / stride);
  const before = isSame ? Math.floor(Math.max(0, (count - 1) * stride + span - size) / 2) : 0;
  return Array.from({length: count}, (_, index) =>
    Array.from({length: kernel}, (_unused, tap) => ({
      cell: index * stride - before + tap * dilation,
      tap,
    })).filter(({cell}) => cell >= 0 && cell < size),
  );
}

/**
 * Visits every output place of a sliding window in NHWC order with the input cells it covers; the definition of
 * tf.nn.convolution's SAME and VALID, with cells outside the image left out.
 */
export function slideNhwc(
  {height, width}: {readonly height: number; readonly width: number},
  kernel: readonly [number, number],
  window: NhwcWindow,
  visit: (cells: readonly {row: number; column: number; y: number; x: number}[]) => void,
): void {
  for (const rows of place(height, kernel[0], 0, window)) {
    for (const columns of place(width, kernel[1], 1, window)) {
      visit(
        rows.flatMap(({cell: row, tap: y}) => columns.map(({cell: column, tap: x}) => ({row, column, y, x}))),
      );
    }
  }
}

/** CONV_2D in channels-last loops; weights [outputs][height][width][channels]. */
export function convolveNhwc(
  image: NhwcImage,
  weights: {
    readonly kernel: readonly [number, number];
    readonly outputs: number;
    readonly data: ArrayLike<number>;
  },
  bias: ArrayLike<number>,
  window: NhwcWindow,
): number[] {
  const {kernel, outputs} = weights;
  const result: number[] = [];
  slideNhwc(image, kernel, window, (cells) => {
    for (let output = 0; output < outputs; output++) {
      const terms = cells.flatMap(({row, column, y, x}) =>
        Array.from({length: image.channels}, (_, channel) => {
          const value = image.data[(row * image.width + column) * image.channels + channel] ?? NaN;
          const at = ((output * kernel[0] + y) * kernel[1] + x) * image.channels + channel;
          return value * (weights.data[at] ?? NaN);
        }),
      );
      result.push(terms.reduce((sum, term) => sum + term, bias[output] ?? 0));
    }
  });
  return result;
}

/** DEPTHWISE_CONV_2D in channels-last loops; weights [height][width][channels × multiplier]. */
export function convolveDepthwiseNhwc(
  image: NhwcImage,
  weights: {
    readonly kernel: readonly [number, number];
    readonly multiplier: number;
    readonly data: ArrayLike<number>;
  },
  window: NhwcWindow,
): number[] {
  const {kernel, multiplier} = weights;
  const result: number[] = [];
  slideNhwc(image, kernel, window, (cells) => {
    for (let output = 0; output < image.channels * multiplier; output++) {
      const channel = Math.floor(output / multiplier);
      let sum = 0;
      for (const {row, column, y, x} of cells) {
        const value = image.data[(row * image.width + column) * image.channels + channel] ?? NaN;
        const at = (y * kernel[1] + x) * image.channels * multiplier + output;
        sum += value * (weights.data[at] ?? NaN);
      }
      result.push(sum);
    }
  });
  return result;
}

/** AVERAGE_POOL_2D or MAX_POOL_2D in channels-last loops. */
export function poolNhwc(
  image: NhwcImage,
  kernel: readonly [number, number],
  window: NhwcWindow,
  reduce: (values: readonly number[]) => number,
): number[] {
  const result: number[] = [];
  slideNhwc(image, kernel, window, (cells) => {
    for (let channel = 0; channel < image.channels; channel++) {
      const values = cells.map(
        ({row, column}) => image.data[(row * image.width + column) * image.channels + channel] ?? NaN,
      );
      result.push(reduce(values));
    }
  });
  return result;
}
