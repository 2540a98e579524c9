import type {ElementType} from '../graph/graph.ts';
import type {Precision} from '../graph/precision.ts';

/** Name of the manifest's file, in the folder of the files that it names. */
export const MANIFEST_FILE = 'manifest.json';

/** Version of the form that is written here; others are refused. */
export const MANIFEST_FORMAT = 1;

/** A file by its name, its size and what is in it. */
export interface FileRecord {
  /** A plain name: all files lie in one folder. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string; // lower-case hex
}

/** The checkpoint that was imported. */
export interface SourceRecord {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string; // lower-case hex
  /** Whether its digest is one that the system's card lists. */
  readonly verified: boolean;
  /** The card's words for the file, or that it is unverified. */
  readonly what: string;
}

/** What goes into a network or comes out of it. A size of −1 is known only when the network runs. */
export interface ValueRecord {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
}

/** What is said of a network that was imported from a checkpoint, beside its files. */
export interface Manifest {
  readonly format: typeof MANIFEST_FORMAT;
  readonly system: string;
  readonly precision: Precision;
  /** The program that wrote it, with its version. */
  readonly producer: string;
  readonly source: SourceRecord;
  /** All files but the manifest: the network's own first, then its weights. */
  readonly files: readonly FileRecord[];
  /** In the order in which the network takes them. */
  readonly inputs: readonly ValueRecord[];
  readonly outputs: readonly ValueRecord[];
}
