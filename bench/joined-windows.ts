/**
 * Prints how far the text of overlapping windows, which a page shows while an utterance lasts, departs from the text of
 * the whole utterance, for networks that must see an utterance whole. Over utterances spread evenly over the shared
 * material's librispeech-other-dev (measured only).
 *
 * First table: frames of windows whose best token is that of the whole utterance, by their distance from the nearest
 * edge at which the window was cut, with the mean |difference| of the log-probabilities (natural). A control: frames of
 * another utterance at the same places.
 *
 * Second table, one row for each plan of windows: what the page would show, as far as the windows reach, against the
 * whole utterance's text of the same frames, greedy decoding: letters and words that differ, of the whole utterance's.
 *
 * Networks:
 * - `wav2vec2-base` with the checkpoint given; without one, with seeded weights at half the published width: that says
 *   how much of a cut gets through layers of this kind, and nothing of letters.
 * - `deepspeech2` with the checkpoint given, its states zeros at the start of each window: a trained network whose
 *   outputs depend on all that was said before, and whose features depend on the whole utterance. It looks ahead by
 *   0.3 s only, so that a window's end costs it less than wav2vec2.
 *
 * Usage: npx tsx bench/joined-windows.ts [--system ID] [--weights CHECKPOINT] [--utterances N]
 */
import {openAsBlob} from 'node:fs';
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {readUtteranceIndex, spreadEvenly} from '../src/cli/data-index.ts';
import {nodeEngineAssets} from '../src/cli/node-engine-assets.ts';
import {readAudio} from '../src/cli/read-audio.ts';
import {ctcGreedyDecode} from '../src/decode/ctc-greedy.ts';
import type {Model} from '../src/engine/engine.ts';
import {loadModel} from '../src/engine/engines.ts';
import {computeLetterErrors, computeWordErrors, totalErrorRate} from '../src/evaluate/error-rate.ts';
import {openCheckpoint, type Checkpoint} from '../src/formats/checkpoint/checkpoint.ts';
import {toMonoAtRate} from '../src/pipeline/recorded-audio.ts';
import {textOfTokens} from '../src/pipeline/utterance-text.ts';
import {WholeUtteranceNetwork} from '../src/pipeline/whole-utterance-network.ts';
import {system as deepSpeech2} from '../src/systems/deepspeech2/system.ts';
import type {RecurrentSystem, WholeUtteranceSystem} from '../src/systems/transcription-system.ts';
import {wav2vec2Shapes} from '../src/systems/wav2vec2-base/layout.ts';
import {system as wav2vec2} from '../src/systems/wav2vec2-base/system.ts';
import {runAcousticNetwork} from '../test/support/run-acoustic-network.ts';
import {seededCheckpoint} from '../test/support/seeded-checkpoint.ts';
import {hasShared, sharedPath} from '../test/support/shared.ts';

/** The published widths halved: a quarter of the work. */
const HALF_WIDTH = {channels: Array<number>(7).fill(256), hidden: 384, layerCount: 12, inner: 1536};

/** Windows and the context thrown away at each cut edge, seconds. */
const PLANS = [
  [4, 0.5],
  [4, 1],
  [6, 0.5],
  [6, 1],
  [6, 1.5],
  [8, 1],
] as const;

/** Distances from a cut edge, seconds: each class ends where the next begins. */
const DISTANCES = [0, 0.1, 0.25, 0.5, 1, 1.5, 2];

/** One utterance, and what the network gives for the whole of it. */
interface Heard {
  readonly samples: Float32Array;
  readonly whole: readonly number[]; // log-probabilities
}

interface Network {
  readonly system: WholeUtteranceSystem;
  readonly model: Model;
}

/** A network with states as one that is run whole: states are zeros at the start of each run. */
function runWhole(system: RecurrentSystem, model: Model): Network {
  const {graph, engine, numerics, threadCount} = model;
  const {receptiveFrames, subsamplingFactor} = system.recurrentPlan;
  const states = graph.inputs.slice(1).map((name) => graph.tensors.get(name)?.shape.at(-1) ?? 0);
  return {
    system: {
      ...system,
      kind: 'whole-utterance',
      wholeUtterancePlan: {
        receptiveFrames,
        subsamplingFactor,
        maxFrames: 4000,
        partial: {windowFrames: 600, contextFrames: 100},
      },
    },
    model: {
      engine,
      numerics,
      threadCount,
      graph: {...graph, inputs: graph.inputs.slice(0, 1), outputs: graph.outputs.slice(0, 1)},
      run: (inputs) => model.run([...inputs, ...states.map((length) => new Float32Array(length))]),
      dispose: () => undefined,
    },
  };
}

async function loadNetwork(systemId: string, weights: string | undefined): Promise<Network> {
  const seeded = (): Checkpoint => seededCheckpoint(wav2vec2Shapes(HALF_WIDTH));
  const checkpoint = weights === undefined ? seeded() : await openCheckpoint(await openAsBlob(weights));
  const isRecurrent = systemId === deepSpeech2.card.id;
  const graph = (isRecurrent ? deepSpeech2 : wav2vec2).buildGraph(checkpoint);
  const model = await loadModel(graph, 'onnx', {numerics: 'float32', assets: nodeEngineAssets()});
  return isRecurrent ? runWhole(deepSpeech2, model) : {system: wav2vec2, model};
}

async function hearAll({system, model}: Network, count: number): Promise<readonly Heard[]> {
  const folder = sharedPath('audio/librispeech-other-dev');
  const network = new WholeUtteranceNetwork(system, model, 'utterance');
  const heard: Heard[] = [];
  for (const {file} of spreadEvenly(await readUtteranceIndex(folder), count)) {
    const audio = await readAudio(join(folder, file), {print: console.log, warn: console.warn});
    const samples = toMonoAtRate(audio, system.sampleRateHz);
    const {anew} = await runAcousticNetwork(network, samples);
    heard.push({samples, whole: anew});
  }
  return heard;
}

/** The token with the largest log-probability. */
function bestToken(logProbs: readonly number[], frame: number, tokenCount: number): number {
  const row = logProbs.slice(frame * tokenCount, (frame + 1) * tokenCount);
  return row.indexOf(Math.max(...row));
}

interface Tally {
  frames: number;
  same: number;
  control: number;
  difference: number;
}

/** The tally of frames as far as that from an edge. */
function tallyAt(tallies: readonly Tally[], distance: number): Tally {
  const tally = tallies[DISTANCES.findLastIndex((least) => Math.max(0, distance) >= least)];
  if (tally) return tally;
  throw new RangeError(`got a frame at ${distance} s, expected at least 0`);
}

/** Frames of a window, beside those of the whole utterance and of another one. */
interface Compared {
  readonly window: readonly number[]; // log-probabilities, as the others
  readonly whole: readonly number[];
  readonly other: readonly number[];
  readonly firstFrame: number; // of the window
  readonly tokenCount: number;
}

/** Adds a frame of a window to what is known of frames as near to an edge. */
function tallyFrame(
  tally: Tally,
  frame: number,
  {window, whole, other, firstFrame, tokenCount}: Compared,
): void {
  const expected = bestToken(whole, firstFrame + frame, tokenCount);
  tally.frames++;
  tally.same += Number(bestToken(window, frame, tokenCount) === expected);
  tally.control += Number(bestToken(other, firstFrame + frame, tokenCount) === expected);
  for (let token = 0; token < tokenCount; token++) {
    const before = whole[(firstFrame + frame) * tokenCount + token] ?? NaN;
    tally.difference += Math.abs(before - (window[frame * tokenCount + token] ?? NaN)) / tokenCount;
  }
}

/** Compares every frame of windows of 6 s, 4 s apart, with the whole utterance's. */
async function compareFrames({system, model}: Network, heard: readonly Heard[]): Promise<object> {
  const network = new WholeUtteranceNetwork(system, model, 'utterance');
  const tokenCount = system.card.labels.length;
  const frameSeconds = network.frameSamples / system.sampleRateHz;
  const tallies = DISTANCES.map((): Tally => ({frames: 0, same: 0, control: 0, difference: 0}));
  const windowSamples = 6 * system.sampleRateHz;
  for (const [index, {samples, whole}] of heard.entries()) {
    const other = heard[(index + 1) % heard.length]?.whole ?? [];
    for (let first = 0; first + windowSamples <= samples.length; first += 4 * system.sampleRateHz) {
      const {anew} = await runAcousticNetwork(network, samples.subarray(first, first + windowSamples));
      const firstFrame = first / network.frameSamples;
      const compared = {window: anew, whole, other, firstFrame, tokenCount};
      const toStart = first === 0 ? Infinity : 0;
      const toEnd = first + windowSamples === samples.length ? Infinity : 6;
      const frameCount = Math.min(anew.length / tokenCount, whole.length / tokenCount - firstFrame);
      for (let frame = 0; frame < frameCount; frame++) {
        const distance = Math.min(toStart + frame * frameSeconds, toEnd - (frame + 1) * frameSeconds);
        tallyFrame(tallyAt(tallies, distance), frame, compared);
      }
    }
  }
  const rows = tallies.map(({frames, same, control, difference}, index) => [
    `${DISTANCES[index]}${DISTANCES[index + 1] === undefined ? ' s or more' : `…${DISTANCES[index + 1]} s`}`,
    {
      frames,
      'same best token': formatShare(same / frames),
      'log-probs apart': (difference / frames).toFixed(3),
      'another utterance': formatShare(control / frames),
    },
  ]);
  return Object.fromEntries(rows) as object;
}

/** Compares the text of joined windows with that of the whole utterance, one row for each plan. */
async function compareTexts({system, model}: Network, heard: readonly Heard[]): Promise<object> {
  const rows: Record<string, object> = {};
  const {labels, blankId} = system.card;
  const textOf = (logProbs: readonly number[]): string => {
    const {tokens} = ctcGreedyDecode(Float32Array.from(logProbs), {tokenCount: labels.length, blankId});
    return textOfTokens(tokens, system.card).toLowerCase();
  };
  for (const [windowSeconds, contextSeconds] of PLANS) {
    const rowsPerSecond = system.sampleRateHz / system.createFrontEnd('utterance').hopLength;
    const partial = {
      windowFrames: windowSeconds * rowsPerSecond,
      contextFrames: contextSeconds * rowsPerSecond,
    };
    const wholeUtterancePlan = {...system.wholeUtterancePlan, partial};
    const network = new WholeUtteranceNetwork({...system, wholeUtterancePlan}, model, 'streaming');
    const compared = [];
    for (const {samples, whole} of heard) {
      const {before} = await runAcousticNetwork(network, samples, network.stepSamples);
      if (before.length === 0) continue;
      compared.push({joined: textOf(before), same: textOf(whole.slice(0, before.length))});
    }
    const pooled = (counts: Parameters<typeof totalErrorRate>[0]): string =>
      formatShare(totalErrorRate(counts).pooled ?? NaN);
    rows[`${windowSeconds} s, context ${contextSeconds} s`] = {
      utterances: compared.length,
      'letters that differ': pooled(compared.map(({joined, same}) => computeLetterErrors(same, joined))),
      'words that differ': pooled(compared.map(({joined, same}) => computeWordErrors(same, joined))),
      'runs cost': `${(windowSeconds / (windowSeconds - 2 * contextSeconds)).toFixed(2)} ×`,
    };
  }
  return rows;
}

const formatShare = (share: number): string => `${(100 * share).toFixed(1)} %`;

const {values} = parseArgs({
  options: {
    system: {type: 'string', default: wav2vec2.card.id},
    weights: {type: 'string'},
    utterances: {type: 'string', default: '12'},
  },
});
if (hasShared) {
  const network = await loadNetwork(values.system, values.weights);
  const heard = await hearAll(network, Number(values.utterances));
  const seconds = heard.reduce((sum, {samples}) => sum + samples.length, 0) / network.system.sampleRateHz;
  const weights = values.weights ?? 'seeded weights at half the published width';
  console.log(`${values.system}, ${weights}; ${heard.length} utterances, ${seconds.toFixed(0)} s`);
  console.log('frames of windows of 6 s, by their distance from a cut edge');
  console.table(await compareFrames(network, heard));
  console.log('text of joined windows');
  console.table(await compareTexts(network, heard));
} else {
  console.log('nothing measured: ../shared, which has the recordings, is not there');
}
