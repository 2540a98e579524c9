import type {SystemCard} from '../systems/card.ts';
import {card as dsCnnClustered} from '../systems/ds-cnn-clustered/card.ts';
import {card as dsCnnLarge} from '../systems/ds-cnn-large/card.ts';
import {card as micronetLarge} from '../systems/micronet-large/card.ts';

export type {SystemCard} from '../systems/card.ts';

/** Every system this project knows, in the order in which a list should show them; the first is the default. */
export const cards: readonly SystemCard[] = [micronetLarge, dsCnnClustered, dsCnnLarge];

/**
 * The card of a system. Any thread.
 * @throws RangeError where no system has this id; the message lists those there are.
 */
export function findCard(id: string): SystemCard {
  const card = cards.find((candidate) => candidate.id === id);
  if (card) return card;
  throw new RangeError(`got system "${id}", expected one of: ${cards.map((known) => known.id).join(', ')}`);
}
