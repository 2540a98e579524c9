import type {TranscriptionCard} from '../systems/card.ts';
import {cards} from '../systems/cards.ts';

/** What is known of every transcriber, in the order in which a list should show them. */
export const transcriptionSystems: readonly TranscriptionCard[] = cards.filter(
  (card) => card.task === 'transcription',
);

/**
 * The card of a transcriber.
 * @throws RangeError with got and expected where nobody knows it, before anything is fetched.
 */
export function findTranscriber(systemId: string): TranscriptionCard {
  const found = transcriptionSystems.find(({id}) => id === systemId);
  if (found) return found;
  const known = transcriptionSystems.map(({id}) => id).join(', ');
  throw new RangeError(`got transcriber "${systemId}", expected one of: ${known}`);
}
