import {readTfliteNetwork} from '../read-tflite-network.ts';
import type {KeywordSystem} from '../keyword-system.ts';
import {KWS_FRAME_COUNT, kwsMfccOptions} from '../kws-front-end.ts';
import {card} from './card.ts';

/** Arm's MicroNet Large: its 12 outputs are logits, the file has no softmax. */
export const system: KeywordSystem = {
  card,
  mfcc: kwsMfccOptions,
  frameCount: KWS_FRAME_COUNT,
  output: 'logits',
  buildGraph: (weights) =>
    readTfliteNetwork(weights, KWS_FRAME_COUNT * kwsMfccOptions.coefficientCount, card.labels.length),
};
