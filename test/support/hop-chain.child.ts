/**
 * Runs the kernels hop by hop in a process of its own and prints what the garbage collector had to do.
 * Usage: node --expose-gc --import tsx hop-chain.child.ts <plant> <hopCount>; prints one line of JSON.
 */
import {Endpointer} from '../../src/decode/endpointer.ts';
import {KeywordDetector} from '../../src/decode/keyword-detector.ts';
import {PosteriorSmoother} from '../../src/decode/posterior-smoothing.ts';
import {softmaxInto} from '../../src/decode/softmax.ts';
import {SPEECH_BAND_COUNT} from '../../src/decode/speech-cues.ts';
import {SpeechGate} from '../../src/decode/speech-gate.ts';
import {levelInto} from '../../src/features/level.ts';
import {applyMfcc, createMfcc} from '../../src/features/mfcc.ts';
import {quantiseInto} from '../../src/features/quantise.ts';
import {averageChannels} from '../../src/frames/channel-average.ts';
import {Framer} from '../../src/frames/framer.ts';
import {Resampler} from '../../src/frames/resampler.ts';
import {countAllocations} from './count-allocations.ts';
import {KWS_MFCC} from './kws-front-end.ts';
import {seededRandom} from './prng.ts';

/** What is wrong with the loop on purpose: nothing, one view a hop, or one array a hop. */
export type Plant = 'none' | 'subarray' | 'array';

const INPUT_RATE_HZ = 22_050; // the cheapest to resample of the rates that hardware has
const HOP_INPUT_SAMPLES = 441; // 20 ms, one MFCC hop
const CLASS_COUNT = 10;
const TEMPERATURE = 1.5;

/** One hop of everything that runs per hop, except the model. */
function createHop(plant: Plant): () => void {
  const {windowLength, hopLength, coefficientCount} = KWS_MFCC;
  const channels = seededRandom(1).samples(2 * HOP_INPUT_SAMPLES, 0.3);
  const mono = new Float32Array(HOP_INPUT_SAMPLES);
  const level = new Float32Array(2);
  const resampler = new Resampler({inputRateHz: INPUT_RATE_HZ, outputRateHz: KWS_MFCC.sampleRateHz});
  const resampled = new Float32Array(resampler.maxOutputLength(HOP_INPUT_SAMPLES));
  const framer = new Framer({windowLength, hopLength, capacitySamples: 4 * windowLength});
  const frame = new Float32Array(windowLength);
  const mfcc = createMfcc(KWS_MFCC);
  const row = new Float32Array(coefficientCount);
  const quantised = new Int8Array(coefficientCount);
  const posteriors = new Float32Array(CLASS_COUNT);
  const smoother = new PosteriorSmoother({classCount: CLASS_COUNT, windowLength: 5});
  const detector = new KeywordDetector({
    labels: Array.from({length: CLASS_COUNT}, (_, index) => `word-${index}`),
    rejectLabels: ['word-0'],
    threshold: 1,
    refractorySamples: 12_000,
  });
  const logMel = new Float32Array(SPEECH_BAND_COUNT);
  const gate = new SpeechGate();
  const endpointer = new Endpointer({sampleRateHz: KWS_MFCC.sampleRateHz, hopLength});
  let kept: Float32Array = row; // so that the planted objects are not optimised away

  return () => {
    averageChannels(channels, 2, mono);
    levelInto(mono, level);
    framer.push(resampled, 0, resampler.process(mono, resampled));
    while (framer.nextFrameInto(frame)) {
      applyMfcc(mfcc, frame, row, 0);
      if (plant === 'subarray') kept = row.subarray(0, kept.length);
      if (plant === 'array') kept = new Float32Array(Math.max(KWS_MFCC.melCount, kept.length));
      quantiseInto(row, 0.2, -5, quantised);
      softmaxInto(row, TEMPERATURE, posteriors);
      smoother.push(posteriors, posteriors);
      detector.push(posteriors, framer.nextFrameStart + windowLength);
      logMel.set(row);
      const isOpen = gate.push(logMel);
      endpointer.push(isOpen, gate.speechProbability);
    }
  };
}

const [plant = 'none', hopCount = '100000'] = process.argv.slice(2);
process.stdout.write(
  `${JSON.stringify(await countAllocations(createHop(plant as Plant), Number(hopCount)))}\n`,
);
