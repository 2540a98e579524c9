import type {TranscriptionCard} from '../systems/card.ts';
import {cards} from '../systems/cards.ts';

/** What is known of every transcriber, in the order in which a list should show them. */
export const transcriptionSystems: readonly TranscriptionCard[] = cards.filter(
  (card) => card.task === 'transcription',
);

/**
 * Refuses a transcriber that nobody knows, before anything is fetched.
 * @throws RangeError with got and expected.
 */
export function checkTranscriber(systemId: string): void {
  const known = transcriptionSystems.map(({id}) => id);
  if (known.includes(systemId)) return;
  throw new RangeError(`got transcriber "${systemId}", expected one of: ${known.join(', ')}`);
}
