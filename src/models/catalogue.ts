import type {SystemCard} from '../systems/card.ts';
import {cards} from '../systems/cards.ts';

export type {SystemCard} from '../systems/card.ts';
export {cards} from '../systems/cards.ts';

/**
 * The card of a system. Any thread.
 * @throws RangeError where no system has this id; the message lists those there are.
 */
export function findCard(id: string): SystemCard {
  const card = cards.find((candidate) => candidate.id === id);
  if (card) return card;
  throw new RangeError(`got system "${id}", expected one of: ${cards.map((known) => known.id).join(', ')}`);
}
