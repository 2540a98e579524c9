import type {AcceptedDigest} from '../systems/card.ts';

export type {AcceptedDigest} from '../systems/card.ts';

/** A file to have: where it is, and how it is known. Pure data. */
export interface ModelFile {
  readonly name: string;
  /** Absolute, in the order to try them: the site's own mirror or asset base before the publisher's home. */
  readonly urls: readonly string[];
  /** Size of the file where it is known before anything is fetched. */
  readonly bytes?: number;
  /** Any one of them will do; empty where nobody has published a digest: the file is then called unverified. */
  readonly accepted: readonly AcceptedDigest[];
}
