/** A file that is read where it is asked for, such as one of Node's file handles. */
export interface RandomAccess {
  /** Bytes of the whole file, where known. */
  readonly sizeBytes?: number;
  /** Gives up to `length` bytes from `offset` on; none only at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A file whose end is known, so that its directory can be looked up there. */
export interface SizedRandomAccess extends RandomAccess {
  readonly sizeBytes: number;
}

/** A file of the visitor's as one that is read where it is asked for. Any thread. */
export function randomAccessOf(blob: Blob): SizedRandomAccess {
  return {
    sizeBytes: blob.size,
    read: async (offset, length) => new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer()),
  };
}
