import type {Model} from '../engine/engine.ts';
import type {TokenSet} from '../systems/card.ts';
import type {TranscriptionSystem} from '../systems/transcription-system.ts';
import type {AcousticNetwork} from './acoustic-network.ts';
import {RecurrentNetwork} from './recurrent-network.ts';
import {WholeUtteranceNetwork} from './whole-utterance-network.ts';
import {WindowedNetwork} from './windowed-network.ts';

/**
 * Makes what runs a system's network over utterances.
 * @param mode `utterance`: features and runs exactly as the system was published. `streaming`: output while an utterance
 * lasts, where the system can.
 * @throws ModelFormatError where the network's inputs or outputs do not fit the system.
 */
export function createAcousticNetwork(
  {
    system,
    model,
    tokens,
  }: {readonly system: TranscriptionSystem; readonly model: Model; readonly tokens: TokenSet},
  mode: 'utterance' | 'streaming',
): AcousticNetwork {
  switch (system.kind) {
    case 'windowed':
      return new WindowedNetwork(system, model, mode, tokens);
    case 'chunked':
    case 'recurrent':
      return new RecurrentNetwork(system, model, mode, tokens);
    case 'whole-utterance':
      return new WholeUtteranceNetwork(system, model, mode, tokens);
  }
}
