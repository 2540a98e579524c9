import {readTfliteNetwork} from '../read-tflite-network.ts';
import type {WindowedSystem, WindowPlan} from '../transcription-system.ts';
import {card} from './card.ts';
import {WAV2LETTER_FEATURE_COUNT, Wav2LetterFrontEnd, wav2letterMfccOptions} from './front-end.ts';

/** That of the published evaluation: 2.96 s of which 0.98 s at either side are context. */
const windowPlan: WindowPlan = {
  windowFrames: 296,
  leftContextFrames: 98,
  rightContextFrames: 98,
  subsamplingFactor: 2,
  padding: 'last-two-rows',
};
const {windowFrames, leftContextFrames, rightContextFrames, subsamplingFactor} = windowPlan;

/** Exactly the published recipe: statistics of the whole utterance. */
const WHOLE_UTTERANCE = {firstRows: Infinity, furtherRows: Infinity};

/** One step for each window: no window can be run earlier, so that its rows lose nothing by waiting for one another. */
const WINDOW_BY_WINDOW = {
  firstRows: windowFrames,
  furtherRows: windowFrames - leftContextFrames - rightContextFrames,
};

/** Arm's Wav2Letter: its outputs are posteriors, the file ends in a softmax. */
export const system: WindowedSystem = {
  kind: 'windowed',
  card,
  sampleRateHz: wav2letterMfccOptions.sampleRateHz,
  windowPlan,
  output: 'posteriors',
  createFrontEnd: (mode) => new Wav2LetterFrontEnd(mode === 'utterance' ? WHOLE_UTTERANCE : WINDOW_BY_WINDOW),
  buildGraph: (weights) =>
    readTfliteNetwork(
      weights,
      windowFrames * WAV2LETTER_FEATURE_COUNT,
      (windowFrames / subsamplingFactor) * card.labels.length,
    ),
};
