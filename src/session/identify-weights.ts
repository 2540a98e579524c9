import {cards} from '../systems/cards.ts';

/** Which system a weights file belongs to. */
export interface IdentifiedWeights {
  readonly systemId: string;
  /** The card's words for the file. */
  readonly what: string;
}

/**
 * The system, keyword spotter or transcriber, whose card lists this very file, by its SHA-256; undefined where none
 * does. The file is not parsed, and it is read only where its size is one of those listed. A checkpoint, hundreds of
 * megabytes, is told by its size alone: the worker checks its digest before it imports it. Page thread, secure contexts.
 */
export async function identifyWeights(file: Blob): Promise<IdentifiedWeights | undefined> {
  const candidates = cards.flatMap(({id, weights}) =>
    weights.accepted
      .filter(({bytes}) => bytes === file.size)
      .map(({sha256, what}) => ({systemId: id, what, sha256, isCheckpoint: weights.format === 'torch'})),
  );
  const checkpoint = candidates.find(({isCheckpoint}) => isCheckpoint);
  if (checkpoint) return {systemId: checkpoint.systemId, what: checkpoint.what};
  if (candidates.length === 0) return undefined;
  const digest = toHex(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  const found = candidates.find(({sha256}) => sha256 === digest);
  return found && {systemId: found.systemId, what: found.what};
}

function toHex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
