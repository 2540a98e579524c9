/**
 * Prints what DeepSpeech2's streaming mode costs, whose features have the statistics of the utterance so far.
 *
 * Features, one row for each number of rows that the first statistics are of: |streaming − exact|, where exact ones have
 * standard deviation 1: mean, worst utterance, largest, and mean over the first second. The last row is a control.
 *
 * Text: what an imported DeepSpeech2 hears in librispeech-other-dev, greedily, beside what PyTorch hears with the same
 * checkpoint: imported as float32 and as int8, with the statistics of the whole utterance (as published) and with running
 * ones (as while somebody speaks).
 *
 * - other letters: edits to PyTorch's text ÷ its letters; same: utterances of which the text is the very same.
 * - LER, WER: against what was said, pooled. The rows of running statistics less those of whole utterances are what
 *   streaming costs: the states make no difference.
 * - real time: front end, network and search ÷ audio.
 *
 * The checkpoint is train/deepspeech2's narrow one, from where EARSHOT_DS2_CACHE says: it is made by
 * `/usr/bin/python3 -m train.deepspeech2.train --run narrow`, PyTorch's texts by
 * `/usr/bin/python3 -m train.deepspeech2.transcribe --run narrow --data ../shared/audio/librispeech-other-dev`.
 *
 * Usage: npx tsx bench/deepspeech2-speech.ts
 */
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {formatShare} from '../src/cli/format.ts';
import {DEEPSPEECH2_FEATURE_COUNT, DeepSpeech2FrontEnd} from '../src/systems/deepspeech2/front-end.ts';
import {system} from '../src/systems/deepspeech2/system.ts';
import type {TranscriptionFrontEnd} from '../src/systems/transcription-system.ts';
import {hasShared} from '../test/support/shared.ts';
import {
  compareWithPyTorch,
  evaluateDeepSpeech2,
  hasTrainedDeepSpeech2,
  importTrainedDeepSpeech2,
  missingTrainedDeepSpeech2,
} from '../test/support/trained-deepspeech2.ts';
import {computeFeatures} from '../test/support/transcription-features.ts';
import {compareFeatures, describeAudio, readUtterances, shifted} from './streaming-features.ts';

const PRECISIONS = ['float32', 'int8'] as const;
const STATISTICS = {utterance: 'of the utterance', streaming: 'running'} as const;

const UTTERANCES = 50;

/** The streaming mode itself, and others that wait for fewer or more rows before they say anything. */
const WAYS: Readonly<Record<string, () => TranscriptionFrontEnd>> = {
  'streaming mode (89, then 60 rows)': () => system.createFrontEnd('streaming'),
  '31, then 60 rows': () => steppedAfter(31),
  '149, then 60 rows': () => steppedAfter(149),
  '329, then 60 rows': () => steppedAfter(329),
};

const steppedAfter = (firstRows: number): TranscriptionFrontEnd =>
  new DeepSpeech2FrontEnd({fullScale: 'int32', steps: {firstRows, furtherRows: 60}});

async function measureFeatures(): Promise<void> {
  const utterances = await readUtterances(UTTERANCES);
  const featuresBy = (frontEnd: TranscriptionFrontEnd): readonly Float32Array[] =>
    utterances.map((samples) => {
      frontEnd.reset();
      return computeFeatures(frontEnd, samples);
    });
  const exact = featuresBy(system.createFrontEnd('utterance'));
  const compare = (got: readonly Float32Array[]): object =>
    compareFeatures(exact, got, DEEPSPEECH2_FEATURE_COUNT);
  const rows = Object.entries(WAYS).map(([name, create]) => [name, compare(featuresBy(create()))]);
  console.log(`features: ${describeAudio(utterances)}`);
  console.table({
    ...(Object.fromEntries(rows) as Record<string, object>),
    'another utterance': compare(shifted(exact)),
  });
}

async function measureTexts(folder: string): Promise<Record<string, object>> {
  const rows: Record<string, object> = {};
  for (const precision of PRECISIONS) {
    const network = join(folder, precision);
    await importTrainedDeepSpeech2(precision, network);
    for (const features of ['utterance', 'streaming'] as const) {
      const {results, letterErrorRate, wordErrorRate, realTimeFactor} = await evaluateDeepSpeech2(
        network,
        features,
      );
      const {letterRate, sameTexts} = compareWithPyTorch(results);
      rows[`${precision}, statistics ${STATISTICS[features]}`] = {
        'other letters': formatShare(letterRate),
        same: `${sameTexts} of ${results.length}`,
        LER: formatShare(letterErrorRate.pooled),
        WER: formatShare(wordErrorRate.pooled),
        'real time': realTimeFactor.toFixed(3),
      };
    }
  }
  return rows;
}

if (hasShared) await measureFeatures();
if (hasTrainedDeepSpeech2) {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-ds2-'));
  try {
    console.table(await measureTexts(folder));
  } finally {
    await rm(folder, {recursive: true});
  }
} else {
  console.log(`texts not measured${missingTrainedDeepSpeech2}`);
}
