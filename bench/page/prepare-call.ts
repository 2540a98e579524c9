import Meyda from 'meyda';
import {loadModel} from '../../src/engine/engines.ts';
import {applyMfcc, createMfcc, type MfccOptions} from '../../src/features/mfcc.ts';
import {readTflite} from '../../src/formats/tflite/read-tflite.ts';
import {tensorOf} from '../../src/graph/tensor-of.ts';
import {KeywordPipeline} from '../../src/pipeline/keyword-pipeline.ts';
import {loadKeywordClassifier} from '../../src/pipeline/load-keyword-classifier.ts';
import {findKeywordSystem} from '../../src/systems/keyword-systems.ts';
import {seededRandom} from '../../test/support/prng.ts';
import {engineAssets} from '../../workers/engine-assets.ts';
import {fromBase64} from './base64.ts';
import type {Candidate, ModelCandidate} from './candidates.ts';

/** One call of a candidate, ready to be timed. */
export type Call = () => void | Promise<void>;

const SEED = 20_26;
const INPUT_RATE_HZ = 48_000;
const HOP_MS = 100;
const HOP_SAMPLES = (INPUT_RATE_HZ * HOP_MS) / 1000;
const CHUNK_SAMPLES = 1200; // four make a hop; the capture's own chunks of 1024 would not divide it

/** Loads what a candidate needs; the call that it gives does the work and nothing else. */
export async function prepareCall(candidate: Candidate): Promise<Call> {
  switch (candidate.kind) {
    case 'mfcc':
      return prepareMfcc(candidate.options);
    case 'meyda':
      return prepareMeyda(candidate.options);
    case 'pipeline':
      return preparePipeline(candidate.systemId, fromBase64(candidate.weights));
    case 'model':
      return prepareModel(candidate);
    default:
      throw new RangeError(
        `got a candidate of kind ${candidate.kind}, expected one that runs in this worker`,
      );
  }
}

/** Frames of seeded noise, as many as a second has, cut beforehand. */
function cutFrames({sampleRateHz, hopLength}: MfccOptions, frameLength: number): readonly Float32Array[] {
  const random = seededRandom(SEED);
  return Array.from({length: sampleRateHz / hopLength}, () => random.samples(frameLength, 0.1));
}

function prepareMfcc(options: MfccOptions): Call {
  const mfcc = createMfcc(options);
  const frames = cutFrames(options, options.windowLength);
  const out = new Float32Array(options.coefficientCount);
  return () => {
    for (const frame of frames) applyMfcc(mfcc, frame, out, 0);
    requireFinite(out);
  };
}

function prepareMeyda(options: MfccOptions): Call {
  const frames = cutFrames(options, options.fftLength); // its window is always as long as its transform
  Meyda.sampleRate = options.sampleRateHz;
  Meyda.bufferSize = options.fftLength;
  Meyda.melBands = options.melCount;
  Meyda.numberOfMFCCCoefficients = options.coefficientCount;
  return () => {
    let last: unknown;
    for (const frame of frames) last = Meyda.extract('mfcc', frame);
    requireFinite(last as ArrayLike<number>);
  };
}

/** Uses what was computed, so that no compiler may leave it out, and shows that it was computed at all. */
function requireFinite(values: ArrayLike<number>): void {
  const first = values[0];
  if (first === undefined || !Number.isFinite(first)) {
    throw new Error(`got ${String(first)} as the first coefficient, expected a number`);
  }
}

async function preparePipeline(systemId: string, weights: Uint8Array): Promise<Call> {
  const classifier = await loadKeywordClassifier(systemId, {
    weightsFor: () => Promise.resolve(weights),
    modelFor: (
      graph,
      {
        card: {
          defaults: {engine, numerics},
        },
      },
    ) => loadModel(graph, engine, {numerics, assets: engineAssets}),
  });
  const clock = (): number => performance.now();
  const observer = {onKeyword: () => undefined, onPosteriors: () => undefined};
  const pipeline = new KeywordPipeline(classifier, observer, {
    inputRateHz: INPUT_RATE_HZ,
    hopMs: HOP_MS,
    clock,
  });
  const samples = seededRandom(SEED).samples(CHUNK_SAMPLES, 0.1);
  const chunk = {samples, stride: CHUNK_SAMPLES, channelCount: 1, sampleCount: CHUNK_SAMPLES};
  let position = 0;
  const hop = async (): Promise<void> => {
    for (let count = 0; count < HOP_SAMPLES / CHUNK_SAMPLES; count++) {
      pipeline.accept(chunk, position);
      await pipeline.drain();
      position += CHUNK_SAMPLES;
    }
  };
  while (pipeline.stats.inferenceCount === 0) await hop(); // the first window needs a second of sound
  return hop;
}

async function prepareModel({engine, numerics, systemId, weights, input}: ModelCandidate): Promise<Call> {
  const bytes = fromBase64(weights);
  const graph =
    systemId === undefined ? readTflite(bytes) : (await findKeywordSystem(systemId)).buildGraph(bytes);
  const model = await loadModel(graph, engine, {numerics, assets: engineAssets});
  const isFloat = tensorOf(model.graph, model.graph.inputs[0]).type === 'float32';
  const inputs = [isFloat ? Float32Array.from(input) : Int8Array.from(input)];
  return async () => {
    await model.run(inputs);
    // another engine ran: its time is not what was asked for
    if (model.fallbackReason !== undefined) throw new Error(model.fallbackReason);
  };
}
