import {randomAccessOf, type SizedRandomAccess} from '../formats/random-access.ts';

/** A checkpoint as it was published. */
export interface CheckpointFile extends SizedRandomAccess {
  /** Its name, for messages and the manifest. */
  readonly name: string;
}

/** The visitor's own file. */
export function checkpointFileOf(blob: Blob): CheckpointFile {
  return {...randomAccessOf(blob), name: blob instanceof File ? blob.name : 'a checkpoint without a name'};
}
