/** One file that is being written. */
export interface FileWriter {
  /** Appends bytes. Those given may change once it has settled. */
  write(bytes: Uint8Array): Promise<void>;
  /** Says that this was all. */
  close(): Promise<void>;
}

/** Where files are written, one after another. Whoever made it removes what was begun where writing fails. */
export interface FileSink {
  create(path: string): Promise<FileWriter>;
}
