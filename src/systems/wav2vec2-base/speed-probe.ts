import {inventedCheckpoint, type SpeedProbe} from '../speed-probe.ts';
import {readWav2Vec2, wav2vec2Shapes} from './layout.ts';
import {buildWav2Vec2} from './network.ts';

/** The published widths, with one layer of the transformer in place of twelve. */
const SIZES = {channels: Array.from({length: 7}, () => 512), hidden: 768, layerCount: 1, inner: 3072};

/** All convolutions and one layer of the transformer, over a second of samples. */
export const speedProbe: SpeedProbe = {
  buildGraph: () => buildWav2Vec2(readWav2Vec2(inventedCheckpoint(wav2vec2Shapes(SIZES)))),
  valueCount: 16_000,
  seconds: 1,
  timeRatio: 2.2,
};
