/** A tensor of a checkpoint; its values stay in the file until they are asked for. */
export interface StoredTensor {
  readonly name: string;
  /** As stored: `F32`, `F16`, `BF16`, `F64`, `I64`, `I32`, `I16`, `I8`, `U8`, `BOOL`. */
  readonly type: string;
  /** [] for a scalar. */
  readonly shape: readonly number[];
  /**
   * Reads the values, row-major, and nothing else of the file.
   * @throws ModelFormatError where the file is shorter than it says.
   */
  read(): Promise<Float32Array>;
}

/** A state dictionary and what surrounds it. */
export interface Checkpoint {
  readonly format: 'torch-zip' | 'torch-legacy' | 'safetensors';
  /** By name as stored, in the order of the file. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Scalars of the dictionary around the state dictionary, such as `hidden_size`; {} where there is none. */
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
}
