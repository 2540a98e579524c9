/** How the weights of an imported network are stored: as trained, or with 8 bits and a scale for each channel. */
export type Precision = 'float32' | 'int8';
