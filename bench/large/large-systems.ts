import {system as deepSpeech2} from '../../src/systems/deepspeech2/system.ts';
import {deepSpeech2Shapes} from '../../src/systems/deepspeech2/weights.ts';
import {wav2vec2Shapes} from '../../src/systems/wav2vec2-base/layout.ts';
import {system as wav2vec2} from '../../src/systems/wav2vec2-base/system.ts';

const wav2vec2BaseSizes = {
  channels: Array.from({length: 7}, () => 512),
  hidden: 768,
  layerCount: 12,
  inner: 3072,
};

/** The systems that are imported from a published checkpoint, and what its state dictionary has at full size. */
export const largeSystems = {
  'wav2vec2-base': {system: wav2vec2, shapes: wav2vec2Shapes(wav2vec2BaseSizes)},
  deepspeech2: {system: deepSpeech2, shapes: deepSpeech2Shapes(2560)},
} as const;

/** One of {@link largeSystems}. */
export type LargeSystemId = keyof typeof largeSystems;
