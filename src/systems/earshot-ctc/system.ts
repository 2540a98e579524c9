import type {LogMelOptions} from '../../features/log-mel.ts';
import {readSafetensors} from '../../formats/safetensors.ts';
import type {Graph} from '../../graph/graph.ts';
import type {TokenSet} from '../card.ts';
import {readFloats, type Weights} from '../file-weights.ts';
import {NetworkBuilder} from '../network-builder.ts';
import type {ChunkedSystem, RecurrentPlan} from '../transcription-system.ts';
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

/** The network: the same numbers as in train/ctc/model.py. A kernel is rows of the stem, frames of 30 ms of a block. */
const STEM = {channels: 320, kernel: 9, stride: 3} as const;
const BLOCK = {kernel: 9, expanded: 640} as const;

/** How many frames late each block's shortcut is: what the block itself gives has heard as many that follow. */
const BLOCK_DELAYS = [2, 2, 2, 2, 1, 1, 1, 1, 1, 1] as const;
const DELAY = BLOCK_DELAYS.reduce<number>((sum, delay) => sum + delay, 0);

/** 120 ms: bench/chunk-lengths.ts prints what other lengths cost. */
const STEP_OUTPUTS = 4;

/** The built-in transcriber: phones and letters, trained by train/ctc. Any thread. */
export const system: ChunkedSystem = earshotCtcWith(STEP_OUTPUTS);

/** The same in chunks of another length: what it gives is the same, how soon and at what cost is not. */
export function earshotCtcWith(stepOutputs: number): ChunkedSystem {
  const {kernel, stride} = STEM;
  const recurrentPlan: RecurrentPlan = {
    receptiveFrames: kernel,
    subsamplingFactor: stride,
    stepOutputs,
    delayOutputs: DELAY,
  };
  return {
    kind: 'chunked',
    card,
    sampleRateHz: SAMPLE_RATE_HZ,
    recurrentPlan,
    output: 'logits',
    createFrontEnd: () => new LogMelFrontEnd(logMel),
    buildGraph: (weights, tokens) => buildGraph(weights, tokens, stepOutputs),
  };
}

/** Height is time; the mel bands are the width that the stem's kernel spans whole. */
function buildGraph(bytes: Uint8Array, tokens: TokenSet, stepOutputs: number): Graph {
  const weights = readSafetensors(bytes);
  const {channels, kernel, stride} = STEM;
  const shape = [1, 1, (stepOutputs - 1) * stride + kernel, MEL_COUNT] as const;
  const network = new NetworkBuilder(weights, {name: card.id, input: 'log-mel', shape});
  addNormalisation(network, weights);
  network.convolution({name: 'stem', outputs: channels, kernel: [kernel, MEL_COUNT], strides: [stride, 1]});
  BLOCK_DELAYS.forEach((delay, index) => {
    addBlock(network, `blocks.${index}`, delay);
  });
  const output = tokens === card.phones ? 'phones' : 'letters';
  network.convolution({name: output, outputs: tokens.labels.length, kernel: [1, 1], activation: 'none'});
  return network.finishWithChannelsLast('logits');
}

/** (x − mean) · scale with the constants of the file. */
function addNormalisation(network: NetworkBuilder, weights: Weights): void {
  const [mean = 0, scale = 1] = readFloats(weights, 'normalise', [2]);
  const weight = network.constant('scale', [1, 1, 1, 1], Float32Array.of(scale));
  const bias = network.constant('offset', [1], Float32Array.of(-mean * scale));
  network.convolve({name: 'normalised', outputs: 1, kernel: [1, 1]}, weight, bias);
}

/** Depthwise over a frame and those before it, two pointwise convolutions with a ReLU between, and a late shortcut. */
function addBlock(network: NetworkBuilder, name: string, delay: number): void {
  const {channels} = STEM;
  const [, , stepOutputs] = network.shape;
  const historyFrames = BLOCK.kernel - 1;
  network.joinHistory(name, historyFrames);
  const late = {first: historyFrames - delay, count: stepOutputs};
  const shortcut = network.rowsOf(network.current, `${name}.late`, late);
  network.convolution({
    name: `${name}.depthwise`,
    outputs: channels,
    kernel: [BLOCK.kernel, 1],
    group: channels,
    activation: 'none',
  });
  network.convolution({name: `${name}.expand`, outputs: BLOCK.expanded, kernel: [1, 1]});
  network.convolution({name: `${name}.project`, outputs: channels, kernel: [1, 1], activation: 'none'});
  network.shortcut(name, shortcut);
}
