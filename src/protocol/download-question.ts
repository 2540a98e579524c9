/** A file that would be downloaded. */
export interface MissingFile {
  readonly name: string;
  /** Undefined where nobody says. */
  readonly bytes: number | undefined;
}

/** What a page is asked before a large download. */
export interface DownloadQuestion {
  readonly files: readonly MissingFile[];
  /** Of the files whose size is known. */
  readonly totalBytes: number;
  /** `size`: more than the page lets pass unasked, or a size that nobody knows; `save-data`: the visitor saves data. */
  readonly reason: 'size' | 'save-data';
}
