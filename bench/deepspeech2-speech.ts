/**
 * Prints what an imported DeepSpeech2 hears in librispeech-other-dev, greedily, beside what PyTorch hears with the same
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
import {
  compareWithPyTorch,
  evaluateDeepSpeech2,
  hasTrainedDeepSpeech2,
  importTrainedDeepSpeech2,
  missingTrainedDeepSpeech2,
} from '../test/support/trained-deepspeech2.ts';

const PRECISIONS = ['float32', 'int8'] as const;
const STATISTICS = {utterance: 'of the utterance', streaming: 'running'} as const;

async function measure(folder: string): Promise<Record<string, object>> {
  const rows: Record<string, object> = {};
  for (const precision of PRECISIONS) {
    const network = join(folder, precision);
    await importTrainedDeepSpeech2(precision, network);
    for (const frontEnd of ['utterance', 'streaming'] as const) {
      const {results, letterErrorRate, wordErrorRate, realTimeFactor} = await evaluateDeepSpeech2(
        network,
        frontEnd,
      );
      const {letterRate, sameTexts} = compareWithPyTorch(results);
      rows[`${precision}, statistics ${STATISTICS[frontEnd]}`] = {
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

if (hasTrainedDeepSpeech2) {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-ds2-'));
  try {
    console.table(await measure(folder));
  } finally {
    await rm(folder, {recursive: true});
  }
} else {
  console.log(`nothing measured${missingTrainedDeepSpeech2}`);
}
