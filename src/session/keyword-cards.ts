import type {KeywordCard} from '../systems/card.ts';
import {cards} from '../systems/cards.ts';

/** What is known of every keyword-spotting system, in the order in which a list should show them. */
export const keywordSystems: readonly KeywordCard[] = cards.filter(
  (card) => card.task === 'keyword-spotting',
);

/** The labels that a system can report: all but silence and unknown. */
export function reportableLabels({labels, rejectLabels}: KeywordCard): readonly string[] {
  return labels.filter((label) => !rejectLabels.includes(label));
}

/**
 * The card of a system. Refuses a system that nobody knows and keywords that it cannot hear, before anything is fetched.
 * @throws RangeError with got and expected.
 */
export function checkSystem(systemId: string, keywords: readonly string[] = []): KeywordCard {
  const card = keywordSystems.find(({id}) => id === systemId);
  if (!card) {
    const known = keywordSystems.map(({id}) => id).join(', ');
    throw new RangeError(`got keyword system "${systemId}", expected one of: ${known}`);
  }
  const known = reportableLabels(card);
  const strange = keywords.find((keyword) => !known.includes(keyword));
  if (strange === undefined) return card;
  throw new RangeError(
    `got keyword "${strange}", expected some of those of ${systemId}: ${known.join(', ')}`,
  );
}
