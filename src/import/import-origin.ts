import type {Precision} from '../graph/precision.ts';
import {EARSHOT_VERSION} from '../protocol/version.ts';

/** What an import was made from: the same checkpoint gives the same network, in one version of Earshot. */
export interface ImportOrigin {
  /** SHA-256 of the checkpoint, lower-case hex. */
  readonly sha256: string;
  readonly precision: Precision;
}

/** The mark of an import's files in storage. */
export function markOf(origin: ImportOrigin): string {
  return `${markOfAnyVersion(origin)}earshot ${EARSHOT_VERSION}`;
}

/** What the marks begin with that all versions of Earshot give to imports of one origin. */
export function markOfAnyVersion({sha256, precision}: ImportOrigin): string {
  return `checkpoint ${sha256} in ${precision} by `;
}

/** What the keys begin with of files that imports for a system have not written to their end, in any version. */
export function unfinishedKeys(systemId: string): string {
  return `import for ${systemId}: `;
}

/** The key of a file of an import that is not written to its end. */
export function unfinishedKey(systemId: string, origin: ImportOrigin, path: string): string {
  return `${unfinishedKeys(systemId)}${markOf(origin)}: ${path}`;
}
