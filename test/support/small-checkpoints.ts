import {deepSpeech2Shapes} from '../../src/systems/deepspeech2/weights.ts';
import {wav2vec2Shapes} from '../../src/systems/wav2vec2-base/layout.ts';
import {writeCheckpointFile} from './checkpoint-file.ts';
import {seededCheckpoint} from './seeded-checkpoint.ts';

const WAV2VEC2_SIZES = {channels: Array<number>(7).fill(16), hidden: 64, layerCount: 2, inner: 96};

/**
 * Write checkpoint files of the systems that are imported, by their ids: of the published layouts, with seeded weights and
 * so narrow that they run at once.
 */
export const smallCheckpoints: Readonly<Record<string, (path: string) => Promise<void>>> = {
  'wav2vec2-base': (path) => writeCheckpointFile(seededCheckpoint(wav2vec2Shapes(WAV2VEC2_SIZES)), path),
  deepspeech2: (path) => writeCheckpointFile(seededCheckpoint(deepSpeech2Shapes(16)), path),
};
