import type {SystemCard} from './card.ts';
import {card as deepSpeech2} from './deepspeech2/card.ts';
import {card as dsCnnClustered} from './ds-cnn-clustered/card.ts';
import {card as dsCnnLarge} from './ds-cnn-large/card.ts';
import {card as earshotCtc} from './earshot-ctc/card.ts';
import {card as earshotKws} from './earshot-kws/card.ts';
import {card as micronetLarge} from './micronet-large/card.ts';
import {card as wav2letter} from './wav2letter/card.ts';
import {card as wav2vec2Base} from './wav2vec2-base/card.ts';

/** Every system this project knows, in the order in which a list should show them; the first is the default. */
export const cards: readonly SystemCard[] = [
  earshotKws,
  micronetLarge,
  dsCnnClustered,
  dsCnnLarge,
  earshotCtc,
  wav2letter,
  wav2vec2Base,
  deepSpeech2,
];
