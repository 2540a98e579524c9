import {readTfliteNetwork} from '../read-tflite-network.ts';
import type {KeywordSystem} from '../keyword-system.ts';
import {KWS_FRAME_COUNT, kwsMfccOptions} from '../kws-front-end.ts';
import {card} from './card.ts';

/** Arm's DS-CNN Large, not clustered: its 12 outputs are posteriors, the softmax is in the file. */
export const system: KeywordSystem = {
  card,
  mfcc: kwsMfccOptions,
  frameCount: KWS_FRAME_COUNT,
  output: 'posteriors',
  buildGraph: (weights) =>
    readTfliteNetwork(weights, KWS_FRAME_COUNT * kwsMfccOptions.coefficientCount, card.labels.length),
};
