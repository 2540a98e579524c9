/** How the weights of an imported network are stored: as trained, or with 8 bits and a scale for each channel. */
export const PRECISIONS = ['float32', 'int8'] as const;

/** One of {@link PRECISIONS}. */
export type Precision = (typeof PRECISIONS)[number];
