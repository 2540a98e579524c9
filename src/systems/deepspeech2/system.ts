import type {FullScale} from '../card.ts';
import type {RecurrentPlan, RecurrentSystem} from '../transcription-system.ts';
import {card} from './card.ts';
import {DeepSpeech2FrontEnd} from './front-end.ts';
import {buildDeepSpeech2} from './network.ts';
import {readDeepSpeech2} from './weights.ts';

/** Each output sees 31 rows, 0.32 s, and there is one for every 20 ms; 30 of them, 0.6 s, are run at a time. */
const recurrentPlan: RecurrentPlan = {receptiveFrames: 31, subsamplingFactor: 2, stepOutputs: 30};

/** Exactly the published recipe: statistics of the whole utterance. */
const WHOLE_UTTERANCE = {firstRows: Infinity, furtherRows: Infinity};

const {receptiveFrames, subsamplingFactor, stepOutputs} = recurrentPlan;

/** One step for each chunk that is run: no chunk can be run earlier, so that its rows lose nothing by waiting. */
const CHUNK_BY_CHUNK = {
  firstRows: (stepOutputs - 1) * subsamplingFactor + receptiveFrames,
  furtherRows: stepOutputs * subsamplingFactor,
};

/**
 * DeepSpeech2 for networks trained on samples of that scale: the published one on `int32`. Any thread.
 */
function deepSpeech2With(fullScale: FullScale): RecurrentSystem {
  return {
    kind: 'recurrent',
    card,
    sampleRateHz: 16_000,
    recurrentPlan,
    output: 'logits',
    precisions: ['int8', 'float32'],
    createFrontEnd: (mode) =>
      new DeepSpeech2FrontEnd({fullScale, steps: mode === 'utterance' ? WHOLE_UTTERANCE : CHUNK_BY_CHUNK}),
    withFullScale: deepSpeech2With,
    buildGraph: (checkpoint) => buildDeepSpeech2(readDeepSpeech2(checkpoint)),
  };
}

/** MLPerf's DeepSpeech2: streams exactly, but for the statistics of its features. */
export const system: RecurrentSystem = deepSpeech2With('int32');
