import type {DownloadedFile} from '../test/support/page-weight.ts';
import type {Row} from './measurement.ts';

/** Unit of rows that say what is downloaded. */
export const BYTES_UNIT = 'bytes gzip';

/** A row for each file that a page downloads, the largest first. */
export function partRows(files: readonly DownloadedFile[]): readonly Row[] {
  return files.toSorted(bySize).map(part);
}

function bySize(one: DownloadedFile, other: DownloadedFile): number {
  return other.gzipBytes - one.gzipBytes;
}

/** Chunks have the hash of their content in their names; without it a row keeps its name from build to build. */
function part({path, gzipBytes}: DownloadedFile): Row {
  return {name: `part: ${path.replace(/-[\w-]{8}(?=\.js$)/, '')}`, unit: BYTES_UNIT, value: gzipBytes};
}
