/**
 * Prints what hot words do: how many of the names that are said in a folder of utterances the built-in transcriber finds,
 * how many it finds too many, and the word error rate, without hot words and with the names given, at several boosts.
 * Spelling counts, capitals do not. The names are those that the held-out speakers say (train.ctc.write_sets).
 * Usage: npx tsx bench/hot-words.ts [DIR] [--hot-words "Brownie,Ossoli=AO S OW L IY"] [--boosts 2,4,6]
 */
import {parseArgs} from 'node:util';
import {readDecodeOptions} from '../src/cli/decode-options.ts';
import {loadTranscriptionSystem} from '../src/cli/load-system.ts';
import {computeWordErrors, totalErrorRate} from '../src/evaluate/error-rate.ts';
import {transcribeUtterance} from '../src/pipeline/transcribe-utterance.ts';
import {card} from '../src/systems/earshot-ctc/card.ts';
import {loadReadClips} from './transcription/read-clips.ts';

const NAMES = [
  'Brownie',
  'Amelia',
  "Dobbin's=D AA B IH N Z",
  'Ossoli=AO S OW L IY',
  'Mazzini=M AH Z IY N IY',
  'Barberini=B AA R B ER IY N IY',
  'Belgiojoso=B EH L JH IY OW Y OW S OW',
  'Rieti=R IY EH T IY',
];

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    'hot-words': {type: 'string', default: NAMES.join(',')},
    boosts: {type: 'string', default: '2,4,6'},
  },
});
const [folder = '.cache/train-ctc/sets/clean'] = positionals;
const names = values['hot-words'].split(',').map((name) => (name.split('=')[0] ?? '').toLowerCase());
const {transcriber} = await loadTranscriptionSystem(card.id, {'allow-unverified': false});
const clips = await loadReadClips(folder);
const isName = (word: string): boolean => names.includes(word);

/** How often each name stands in a text. */
function countNames(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of text.split(' ').filter(isName)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

async function measure(hotWordOptions: Record<string, string>): Promise<object> {
  const search = readDecodeOptions(hotWordOptions, card);
  let [said, found, tooMany] = [0, 0, 0];
  const errors = [];
  for (const {samples, text} of clips) {
    const protocol = {...search, features: 'streaming', decoding: 'beam'} as const;
    const heard = (await transcribeUtterance(transcriber, samples, protocol)).text.toLowerCase();
    errors.push(computeWordErrors(text.toLowerCase(), heard));
    const [saidNames, heardNames] = [countNames(text.toLowerCase()), countNames(heard)];
    for (const name of names) {
      const [saidTimes, heardTimes] = [saidNames.get(name) ?? 0, heardNames.get(name) ?? 0];
      said += saidTimes;
      found += Math.min(saidTimes, heardTimes);
      tooMany += Math.max(0, heardTimes - saidTimes);
    }
  }
  const rate = totalErrorRate(errors).pooled ?? NaN;
  return {
    'names found': `${found} of ${said}`,
    'too many': tooMany,
    'WER, pooled': `${(100 * rate).toFixed(2)} %`,
  };
}

const rows: Record<string, object> = {without: await measure({})};
for (const boost of values.boosts.split(',')) {
  rows[`boost ${boost}`] = await measure({'hot-words': values['hot-words'], 'hot-word-boost': boost});
}
console.log(`${folder}, ${clips.length} utterances; ${values['hot-words']}`);
console.table(rows);
transcriber.model.dispose();
