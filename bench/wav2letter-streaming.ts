/**
 * Prints what Wav2Letter's streaming mode costs: how far its features, whose statistics and loudest energy are those of
 * the utterance so far, are from the exact ones, and how far a network's outputs move with them. Over utterances spread
 * evenly over the shared material's librispeech-other-dev (measured only).
 *
 * Features, one row for each way to step:
 * - mean, worst utterance, max: |streaming − exact|; exact ones have standard deviation 1.
 * - first second: the mean over the first 100 rows.
 *
 * Outputs, of a few of those utterances: the mean |difference| of the log-probabilities (natural), and how many
 * frames of output have the same best token. The network has seeded weights (test/support/wav2letter-tflite.ts), so this
 * says how much of the difference gets through layers of this kind, and nothing of letters: error rates need the
 * published file.
 *
 * The last row of either is a control: another utterance.
 *
 * Usage: npx tsx bench/wav2letter-streaming.ts [utterances [of them through the network]]
 */
import {spreadEvenly} from '../src/cli/data-index.ts';
import {nodeEngineAssets} from '../src/cli/node-engine-assets.ts';
import type {Model} from '../src/engine/engine.ts';
import {loadModel} from '../src/engine/engines.ts';
import type {StatisticsSteps} from '../src/features/standardised-rows.ts';
import {WindowedNetwork} from '../src/pipeline/windowed-network.ts';
import {WAV2LETTER_FEATURE_COUNT, Wav2LetterFrontEnd} from '../src/systems/wav2letter/front-end.ts';
import {system} from '../src/systems/wav2letter/system.ts';
import type {TranscriptionFrontEnd} from '../src/systems/transcription-system.ts';
import {hasShared} from '../test/support/shared.ts';
import {withLogitsAsOutput} from '../test/support/tflite-logits.ts';
import {computeFeatures} from '../test/support/transcription-features.ts';
import {seededWav2Letter} from '../test/support/wav2letter-tflite.ts';
import {
  compareFeatures,
  describeAudio,
  differences,
  meanOf,
  pairsOf,
  readUtterances,
  shifted,
} from './streaming-features.ts';

const every = (rows: number): StatisticsSteps => ({firstRows: rows, furtherRows: rows});

/** Ways to step: the streaming mode itself, and others, whose rows no window could use any earlier. */
const WAYS: Readonly<Record<string, () => TranscriptionFrontEnd>> = {
  'streaming mode (296, then 100 rows)': () => system.createFrontEnd('streaming'),
  'every 100 rows': () => new Wav2LetterFrontEnd(every(100)),
  'every 50 rows': () => new Wav2LetterFrontEnd(every(50)),
  'every 10 rows': () => new Wav2LetterFrontEnd(every(10)),
};

/** Log-probabilities of an utterance, [frameCount × 29]. */
async function computeLogProbs(
  model: Model,
  mode: 'utterance' | 'streaming',
  samples: Float32Array,
): Promise<Float32Array> {
  const network = new WindowedNetwork({...system, output: 'logits'}, model, mode);
  network.push(samples);
  network.finish();
  const logProbs: number[] = [];
  for (;;) {
    const output = await network.nextLogProbs();
    if (!output) return Float32Array.from(logProbs);
    logProbs.push(...output.logProbs);
  }
}

/** Best token of each frame. */
function bestTokens(logProbs: Float32Array): readonly number[] {
  const tokenCount = system.card.labels.length;
  return Array.from({length: logProbs.length / tokenCount}, (_, frame) => {
    const row = logProbs.subarray(frame * tokenCount, (frame + 1) * tokenCount);
    return row.indexOf(Math.max(...row));
  });
}

function compareOutputs(exact: readonly Float32Array[], got: readonly Float32Array[]): object {
  const pairs = pairsOf(exact, got);
  const isSame = pairs.flatMap(([a, b]) => {
    const [expected, tokens] = [bestTokens(a), bestTokens(b)];
    const count = Math.min(expected.length, tokens.length);
    return Array.from({length: count}, (_, frame) => Number(tokens[frame] === expected[frame]));
  });
  return {
    'log-probs apart': meanOf(pairs.flatMap(([a, b]) => differences(a, b))).toFixed(3),
    'same best token': `${(100 * meanOf(isSame)).toFixed(1)} %`,
  };
}

function measureFeatures(utterances: readonly Float32Array[]): Record<string, object> {
  const featuresBy = (createFrontEnd: () => TranscriptionFrontEnd): readonly Float32Array[] =>
    utterances.map((samples) => computeFeatures(createFrontEnd(), samples));
  const exact = featuresBy(() => system.createFrontEnd('utterance'));
  const rows = Object.entries(WAYS).map(([name, createFrontEnd]) => [
    name,
    compareFeatures(exact, featuresBy(createFrontEnd), WAV2LETTER_FEATURE_COUNT),
  ]);
  return {
    ...(Object.fromEntries(rows) as Record<string, object>),
    'another utterance': compareFeatures(exact, shifted(exact), WAV2LETTER_FEATURE_COUNT),
  };
}

async function measureOutputs(utterances: readonly Float32Array[]): Promise<Record<string, object>> {
  const graph = system.buildGraph(withLogitsAsOutput(seededWav2Letter()), system.card);
  const model = await loadModel(graph, 'onnx', {numerics: 'int8-exact', assets: nodeEngineAssets()});
  const exact: Float32Array[] = [];
  const streaming: Float32Array[] = [];
  for (const samples of utterances) {
    exact.push(await computeLogProbs(model, 'utterance', samples));
    streaming.push(await computeLogProbs(model, 'streaming', samples));
  }
  model.dispose();
  return {
    'streaming mode': compareOutputs(exact, streaming),
    'another utterance': compareOutputs(exact, shifted(exact)),
  };
}

function readCount(argument: string | undefined, standard: number): number {
  const count = Number(argument ?? standard);
  if (Number.isSafeInteger(count) && count >= 2) return count;
  throw new RangeError(`got ${argument ?? ''} utterances, expected a whole number of at least 2`);
}

const utteranceCount = readCount(process.argv[2], 50);
const networkCount = readCount(process.argv[3], 8);
if (hasShared) {
  const utterances = await readUtterances(utteranceCount);
  console.log(`features: ${describeAudio(utterances)}`);
  console.table(measureFeatures(utterances));
  const some = spreadEvenly(utterances, networkCount);
  console.log(`outputs of the seeded network: ${describeAudio(some)}`);
  console.table(await measureOutputs(some));
} else {
  console.log('nothing measured: ../shared, which has the recordings, is not there');
}
