import {readSafetensors} from '../../formats/safetensors.ts';
import type {Graph} from '../../graph/graph.ts';
import type {MfccOptions} from '../../features/mfcc.ts';
import {readFloats, type Weights} from '../file-weights.ts';
import type {KeywordSystem} from '../keyword-system.ts';
import {NetworkBuilder} from '../network-builder.ts';
import {card} from './card.ts';

const MEL_COUNT = 40;
const FRAME_COUNT = 49; // of 20 ms: 1 s
const STEM_CHANNELS = 40;
const HEAD_CHANNELS = 192;

/** Separable blocks: outputs, stride over mel bands, stride over frames. The same table as train/kws/model.py. */
const BLOCKS: readonly (readonly [outputs: number, melStride: number, frameStride: number])[] = [
  [64, 2, 1],
  [64, 1, 1],
  [96, 2, 2],
  [96, 1, 1],
  [96, 1, 1],
  [160, 1, 1],
  [160, 1, 1],
  [160, 1, 1],
  [160, 1, 1],
];

/** As many cepstra as mel bands, so that the network can undo the cosine transform. The same as train/kws/settings.py. */
const mfcc: MfccOptions = {
  sampleRateHz: 16000,
  windowLength: 640,
  hopLength: 320,
  fftLength: 1024,
  window: 'hann-periodic',
  spectrum: 'magnitude',
  melCount: MEL_COUNT,
  melScale: 'htk',
  melMinHz: 20,
  melMaxHz: 7600,
  melNorm: 'peak',
  logFloor: 1e-3, // about the mel sum of 16-bit rounding noise: below it there is nothing to hear
  dct: 'htk',
  coefficientCount: MEL_COUNT,
};

/** The built-in keyword spotter: 12 classes of Speech Commands, trained by train/kws. Any thread. */
export const system: KeywordSystem = {
  card,
  mfcc,
  frameCount: FRAME_COUNT,
  output: 'logits',
  buildGraph,
};

function buildGraph(bytes: Uint8Array): Graph {
  const weights = readSafetensors(bytes);
  const shape = [1, 1, FRAME_COUNT, MEL_COUNT] as const;
  const network = new NetworkBuilder(weights, {name: card.id, input: 'mfcc', shape});
  addLogMel(network, readNormalisation(weights));
  network.convolution({
    name: 'stem',
    outputs: STEM_CHANNELS,
    kernel: [5, 5],
    strides: [2, 2],
    pads: [2, 2, 2, 2],
  });
  BLOCKS.forEach(([outputs, melStride, frameStride], index) => {
    network.separable(`blocks.${index}`, outputs, [melStride, frameStride]);
  });
  const [, channels, bands] = network.shape;
  network.convolution({name: 'collapse', outputs: channels, kernel: [bands, 1], group: channels});
  network.convolution({name: 'head', outputs: HEAD_CHANNELS, kernel: [1, 1]});
  return network.classify('classify', card.labels.length);
}

interface Normalisation {
  readonly mean: number;
  readonly scale: number;
}

function readNormalisation(weights: Weights): Normalisation {
  const [mean = 0, scale = 1] = readFloats(weights, 'normalise', [2]);
  return {mean, scale};
}

/**
 * Turns cepstra back into normalised log-mel energies as a picture of mel bands × frames: one convolution over
 * whole rows, then a reshape that moves its channels (mel bands) to the height.
 */
function addLogMel(network: NetworkBuilder, {mean, scale}: Normalisation): void {
  const shape = [MEL_COUNT, 1, 1, MEL_COUNT];
  const weight = network.constant('inverse-dct', shape, inverseDct(scale));
  const offset = new Float32Array(MEL_COUNT).fill(-mean * scale);
  const bias = network.constant('offset', [MEL_COUNT], offset);
  network.convolve({name: 'log-mel', outputs: MEL_COUNT, kernel: [1, MEL_COUNT]}, weight, bias);
  network.reshape('picture', [1, 1, MEL_COUNT, FRAME_COUNT]);
}

/**
 * Inverse of the `htk` DCT-II times `scale`: energy[mel] = √(2/M) · (c[0]/2 + Σ c[k] · cos(π/M · k · (mel + ½))).
 * [mel × coefficient], row-major.
 */
function inverseDct(scale: number): Float32Array {
  const step = Math.PI / MEL_COUNT;
  return Float32Array.from({length: MEL_COUNT * MEL_COUNT}, (_, index) => {
    const mel = Math.floor(index / MEL_COUNT);
    const coefficient = index % MEL_COUNT;
    const cosine = coefficient === 0 ? 0.5 : Math.cos(step * coefficient * (mel + 0.5));
    return scale * Math.sqrt(2 / MEL_COUNT) * cosine;
  });
}
