import type {LogMelOptions} from '../../features/log-mel.ts';
import {readSafetensors} from '../../formats/safetensors.ts';
import type {Graph} from '../../graph/graph.ts';
import {readFloats, type Weights} from '../file-weights.ts';
import {NetworkBuilder} from '../network-builder.ts';
import type {WindowedSystem, WindowPlan} from '../transcription-system.ts';
import {card} from './card.ts';
import {LogMelFrontEnd} from './front-end.ts';

const SAMPLE_RATE_HZ = 16000;
const MEL_COUNT = 64;

/** The same numbers as in train/ctc/settings.py. */
const logMel: LogMelOptions = {
  sampleRateHz: SAMPLE_RATE_HZ,
  windowLength: 400,
  hopLength: 160,
  fftLength: 512,
  window: 'hann-periodic',
  spectrum: 'power',
  melCount: MEL_COUNT,
  melScale: 'htk',
  melMinHz: 60,
  melMaxHz: 7600,
  melNorm: 'peak',
  logFloor: 1e-6, // ten times the widest band's sum of 16-bit rounding noise: below it there is nothing to hear
};

/** The network: the same numbers as in train/ctc/model.py. Pads are frames before and after. */
const STEM = {channels: 256, kernel: 7, stride: 3, pads: [2, 2]} as const;
const BLOCK = {count: 8, kernel: 9, pads: [5, 3], expanded: 512} as const;

const CONTEXT = reach();

/** New rows of a window, 0.6 s: how often a page sees more of what is said. The rest is context. */
const STEP_FRAMES = 60;

const windowPlan: WindowPlan = {
  windowFrames: STEP_FRAMES + wholeSteps(CONTEXT.left) + wholeSteps(CONTEXT.right),
  leftContextFrames: wholeSteps(CONTEXT.left),
  rightContextFrames: wholeSteps(CONTEXT.right),
  subsamplingFactor: STEM.stride,
  leadIn: 'zeros',
};

/** The built-in transcriber: letters, trained by train/ctc. Any thread. */
export const system: WindowedSystem = {
  kind: 'windowed',
  card,
  sampleRateHz: SAMPLE_RATE_HZ,
  windowPlan,
  output: 'logits',
  createFrontEnd: () => new LogMelFrontEnd(logMel),
  buildGraph,
};

/** Frames before and after the `stride` frames of an output that it depends on: 122 and 74. */
function reach(): {readonly left: number; readonly right: number} {
  const ofBlocks = BLOCK.count * STEM.stride;
  return {
    left: STEM.pads[0] + BLOCK.pads[0] * ofBlocks,
    right: STEM.kernel - STEM.pads[0] - STEM.stride + BLOCK.pads[1] * ofBlocks,
  };
}

function wholeSteps(frames: number): number {
  return Math.ceil(frames / STEM.stride) * STEM.stride;
}

/** Height is time; the mel bands are the width that the stem's kernel spans whole. */
function buildGraph(bytes: Uint8Array): Graph {
  const weights = readSafetensors(bytes);
  const shape = [1, 1, windowPlan.windowFrames, MEL_COUNT] as const;
  const network = new NetworkBuilder(weights, {name: card.id, input: 'log-mel', shape});
  addNormalisation(network, weights);
  const {channels} = STEM;
  network.convolution({
    name: 'stem',
    outputs: channels,
    kernel: [STEM.kernel, MEL_COUNT],
    strides: [STEM.stride, 1],
    pads: [STEM.pads[0], 0, STEM.pads[1], 0],
  });
  for (let index = 0; index < BLOCK.count; index++) addBlock(network, `blocks.${index}`);
  network.convolution({name: 'classify', outputs: card.labels.length, kernel: [1, 1], activation: 'none'});
  return network.finishWithChannelsLast('logits');
}

/** (x − mean) · scale with the constants of the file: before the stem, so that its padding is the mean. */
function addNormalisation(network: NetworkBuilder, weights: Weights): void {
  const [mean = 0, scale = 1] = readFloats(weights, 'normalise', [2]);
  const weight = network.constant('scale', [1, 1, 1, 1], Float32Array.of(scale));
  const bias = network.constant('offset', [1], Float32Array.of(-mean * scale));
  network.convolve({name: 'normalised', outputs: 1, kernel: [1, 1]}, weight, bias);
}

/** Depthwise over time, two pointwise convolutions with a ReLU between, and a shortcut. */
function addBlock(network: NetworkBuilder, name: string): void {
  const from = network.current;
  const {channels} = STEM;
  network.convolution({
    name: `${name}.depthwise`,
    outputs: channels,
    kernel: [BLOCK.kernel, 1],
    pads: [BLOCK.pads[0], 0, BLOCK.pads[1], 0],
    group: channels,
    activation: 'none',
  });
  network.convolution({name: `${name}.expand`, outputs: BLOCK.expanded, kernel: [1, 1]});
  network.convolution({name: `${name}.project`, outputs: channels, kernel: [1, 1], activation: 'none'});
  network.shortcut(name, from);
}
