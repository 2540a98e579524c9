import {fillFusionWeights, type FusionWeights} from './fusion-weights.ts';
import {scoreEnd, scoreWordInto, type NgramModel} from './ngram-model.ts';
import type {PrefixScorer} from './prefix-scorer.ts';

/** What a search knows of the order of characters. */
export interface CharacterFusionOptions extends FusionWeights {
  readonly model: NgramModel;
  /** [tokenCount] what the model calls each token; the space is "|" in most models. Unknown ones count as <unk>. */
  readonly characters: readonly string[];
}

/**
 * Fusion with characters: alpha · ln P(character | characters before) + beta, for every token.
 * State: the model's. One search at a time. Allocates when it is made only.
 */
export function createCharacterFusion(options: CharacterFusionOptions): PrefixScorer {
  const {model, characters} = options;
  const {alpha, beta, isEndScored} = fillFusionWeights(options);
  const ids = Int32Array.from(characters, (character) => model.wordIdOf(character));
  const gain = new Float64Array(1);
  const next = new Int32Array(1);
  return {
    stateLength: 1,
    gainBounds: new Float64Array(characters.length).fill(beta),
    gain,
    startInto: (out, at) => {
      out[at] = model.startState;
    },
    extendInto: (states, at, token, out, outAt) => {
      scoreWordInto(model, states[at], ids[token], next, gain);
      gain[0] = alpha * gain[0] + beta;
      out[outAt] = next[0];
    },
    endInto: (states, at) => {
      gain[0] = isEndScored ? alpha * scoreEnd(model, states[at]) : 0;
    },
  };
}
