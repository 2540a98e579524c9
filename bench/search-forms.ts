/**
 * Prints what each part of the built-in transcriber's search gives, and what it costs: word error rate of a folder of
 * utterances and the search's time, with one thing changed at a time. The network is run once for each utterance; what it
 * hears is searched anew for each row. Times are CPU times of the search alone, against the first row's.
 * The weights of the language model and of a word are chosen by this, on held-out speakers (train.ctc.write_sets).
 * Usage: npx tsx bench/search-forms.ts DIR [--limit N] [--lm FILE] [--lm-weights 0.8,1,1.2] [--word-bonuses -1,0]
 *        [--beams 128,256]
 */
import {parseArgs} from 'node:util';
import {loadTranscriptionSystem} from '../src/cli/load-system.ts';
import {CtcPrefixBeam} from '../src/decode/ctc-prefix-beam.ts';
import {createWordFusion} from '../src/decode/word-fusion.ts';
import {WordsOfTokens} from '../src/decode/words-of-tokens.ts';
import {computeWordErrors, totalErrorRate} from '../src/evaluate/error-rate.ts';
import {createAcousticNetwork} from '../src/pipeline/create-acoustic-network.ts';
import type {LoadedTranscriber} from '../src/pipeline/load-transcriber.ts';
import type {WordKnowledge} from '../src/pipeline/word-knowledge.ts';
import {card} from '../src/systems/earshot-ctc/card.ts';
import {runAcousticNetwork} from '../test/support/run-acoustic-network.ts';
import {loadReadClips} from './transcription/read-clips.ts';

interface SearchForm {
  readonly beamWidth: number;
  readonly beamThreshold: number;
  readonly languageModelWeight: number;
  readonly wordBonus: number;
  readonly looksAhead: boolean;
  readonly dropsTwins: boolean;
}

/** What was said, and what the network made of it. */
interface Utterance {
  readonly text: string;
  readonly logProbs: Float32Array;
}

async function hearAll(transcriber: LoadedTranscriber, folder: string, limit: number): Promise<Utterance[]> {
  const network = createAcousticNetwork(transcriber, 'streaming');
  const utterances: Utterance[] = [];
  for (const {samples, text} of await loadReadClips(folder, limit)) {
    const {before} = await runAcousticNetwork(network, samples);
    utterances.push({text: text.toLowerCase(), logProbs: Float32Array.from(before)});
  }
  return utterances;
}

/** Word error rate of all utterances, pooled, and the CPU time that it took to find the words, microseconds. */
function measure(form: SearchForm, words: WordKnowledge, utterances: readonly Utterance[]): [number, number] {
  const {labels, spaceId, blankId} = tokens;
  const {languageModelWeight: alpha, wordBonus: beta, looksAhead, ...search} = form;
  const tokenCount = labels.length;
  const expectations = looksAhead ? words.expectations : undefined;
  const scorer = createWordFusion({tokenCount, spaceId, ...words, alpha, beta, expectations});
  const beam = new CtcPrefixBeam({tokenCount, blankId, scorer, ...search});
  const reader = new WordsOfTokens({...words, spaceId});
  const start = process.cpuUsage();
  const counts = utterances.map(({text, logProbs}) => {
    beam.reset();
    beam.accept(logProbs);
    const [best] = beam.nBest(1);
    return computeWordErrors(text, best ? reader.read(best.tokens).join(' ') : '');
  });
  const {user, system} = process.cpuUsage(start);
  return [totalErrorRate(counts).pooled ?? NaN, user + system];
}

/** Numbers of a list parted by commas. */
const numbersOf = (list: string): number[] => list.split(',').filter(Boolean).map(Number);

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    limit: {type: 'string', default: 'Infinity'},
    lm: {type: 'string'},
    'lm-weights': {type: 'string', default: '0.8,1.2'},
    'word-bonuses': {type: 'string', default: '-1,0'},
    beams: {type: 'string', default: '128,256,512'},
  },
});
const [folder = ''] = positionals;
const {transcriber} = await loadTranscriptionSystem(card.id, {
  lm: values.lm,
  'allow-unverified': false,
});
const {tokens, words: knowledge} = transcriber;
if (!knowledge) throw new Error('got no language model, expected one');
const utterances = await hearAll(transcriber, folder, Number(values.limit));
const built: SearchForm = {
  beamWidth: 1024,
  beamThreshold: Infinity,
  languageModelWeight: 1,
  wordBonus: 0,
  ...card.defaults.search,
  looksAhead: true,
  dropsTwins: true,
};
const forms: [string, Partial<SearchForm>][] = [
  ['built in', {}],
  ...numbersOf(values.beams).map((beamWidth): [string, Partial<SearchForm>] => [
    `beam ${beamWidth}`,
    {beamWidth},
  ]),
  ['every hypothesis, however far behind', {beamThreshold: Infinity}],
  ['without looking ahead', {looksAhead: false}],
  ['with prefixes of one future', {dropsTwins: false}],
  ['without both', {looksAhead: false, dropsTwins: false}],
  ...numbersOf(values['lm-weights']).map((languageModelWeight): [string, Partial<SearchForm>] => [
    `language model weight ${languageModelWeight}`,
    {languageModelWeight},
  ]),
  ...numbersOf(values['word-bonuses']).map((wordBonus): [string, Partial<SearchForm>] => [
    `word bonus ${wordBonus}`,
    {wordBonus},
  ]),
];
const rows = forms.map(
  ([name, change]) => [name, ...measure({...built, ...change}, knowledge, utterances)] as const,
);
const builtTime = rows[0]?.[2] ?? NaN;
console.log(`${folder}, ${utterances.length} utterances; built in: ${JSON.stringify(card.defaults.search)}`);
console.table(
  Object.fromEntries(
    rows.map(([name, rate, time]) => [
      name,
      {
        'WER, pooled': `${(100 * rate).toFixed(2)} %`,
        'time of the search': `${(time / builtTime).toFixed(2)} ×`,
      },
    ]),
  ),
);
transcriber.model.dispose();
