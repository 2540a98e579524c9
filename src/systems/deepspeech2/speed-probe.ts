import {inventedCheckpoint, type SpeedProbe} from '../speed-probe.ts';
import {DEEPSPEECH2_FEATURE_COUNT} from './front-end.ts';
import {buildDeepSpeech2} from './network.ts';
import {system} from './system.ts';
import {deepSpeech2Shapes, readDeepSpeech2} from './weights.ts';

/** Units of a recurrent layer of the published network. */
const HIDDEN_SIZE = 2560;

const {receptiveFrames, subsamplingFactor, stepOutputs} = system.recurrentPlan;

/** Seconds from one row to the next. */
const ROW_SECONDS = 0.01;

/** The convolutions, the first recurrent layer and the classifier, over one chunk as they run when they stream. */
export const speedProbe: SpeedProbe = {
  buildGraph: () => buildDeepSpeech2(readDeepSpeech2(inventedCheckpoint(deepSpeech2Shapes(HIDDEN_SIZE))), 1),
  valueCount: ((stepOutputs - 1) * subsamplingFactor + receptiveFrames) * DEEPSPEECH2_FEATURE_COUNT,
  seconds: stepOutputs * subsamplingFactor * ROW_SECONDS,
  timeRatio: 2.9,
};
