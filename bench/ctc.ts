/**
 * What prefix beam search costs at 50 frames a second of 29 letters, without and with a word model of a million
 * n-grams and its lexicon, beside the textbook's search (a Map of strings) over the same frames in the same run.
 * Usage: npx tsx bench/ctc.ts [FILE.arpa]; without a file the model is invented, with seed 1.
 */
import {readFileSync} from 'node:fs';
import process from 'node:process';
import {createLexicon, spellWords} from '../src/decode/create-lexicon.ts';
import {CtcPrefixBeam, ctcPrefixBeamSearch} from '../src/decode/ctc-prefix-beam.ts';
import {encodeNgramModel} from '../src/decode/encode-ngram-model.ts';
import {openNgramModel, type NgramModel} from '../src/decode/ngram-model.ts';
import type {PrefixScorer} from '../src/decode/prefix-scorer.ts';
import {createWordFusion} from '../src/decode/word-fusion.ts';
import {readArpa} from '../src/formats/arpa.ts';
import {inventLanguage} from '../test/support/invented-language.ts';
import {seededRandom} from '../test/support/prng.ts';
import {inventLogProbs} from '../test/support/spoken-log-probs.ts';
import {textbookPrefixBeamSearch, type TextbookScorer} from '../test/support/textbook-prefix-beam.ts';

const LABELS = Array.from("_ abcdefghijklmnopqrstuvwxyz'");
const CTC = {tokenCount: LABELS.length, blankId: 0};
const SPACE = 1;
const FRAMES_PER_SECOND = 50;
const FRAME_COUNT = 1000; // 20 s
const TEXTBOOK_FRAME_COUNT = 100; // at first, where its prefixes are still short
const TOKENS_PER_FRAME = 0.3; // 15 letters a second
const ROUNDS = 5;
const SEED = 1;

const [file] = process.argv.slice(2);
const model = openModel(file);
const tokenIds = new Map(LABELS.map((label, token) => [label, token]));
const words = Array.from({length: model.wordCount}, (_, id) => model.wordOf(id)).filter((word) =>
  Array.from(word).every((letter) => tokenIds.has(letter)),
);
const lexicon = createLexicon(spellWords(words), tokenIds);

function openModel(path: string | undefined): NgramModel {
  const tables =
    path === undefined
      ? inventLanguage(seededRandom(SEED), {wordCount: 50_000, ngramCount: 1_000_000})
      : readArpa(readFileSync(path, 'utf8'));
  return openNgramModel(encodeNgramModel(tables));
}

/** What a network that is as sure as `peak` says gives for words of the lexicon. */
function speak(peak: number): Float32Array {
  const random = seededRandom(SEED);
  const tokens: number[] = [];
  while (tokens.length < TOKENS_PER_FRAME * FRAME_COUNT) {
    tokens.push(...Array.from(random.pick(words), (letter) => tokenIds.get(letter) ?? SPACE), SPACE);
  }
  tokens.length = TOKENS_PER_FRAME * FRAME_COUNT;
  return inventLogProbs(random, {...CTC, tokens, frameCount: FRAME_COUNT, peak});
}

/** Unknown words at a penalty: harder than the lexicon alone. */
const createScorer = (): PrefixScorer =>
  createWordFusion({
    ...{tokenCount: LABELS.length, spaceId: SPACE, lexicon, model},
    ...{alpha: 0.5, beta: 1, unknownWordPenalty: 5},
  });

/** The same scorer for the textbook: what each prefix has is kept in another Map of strings. */
function createTextbookScorer(): TextbookScorer {
  const scorer = createScorer();
  const start = {score: 0, state: new Int32Array(scorer.stateLength)};
  scorer.startInto(start.state, 0);
  const known = new Map([['', start]]);
  const find = (tokens: readonly number[]): typeof start => {
    const key = tokens.join();
    const found = known.get(key);
    if (found !== undefined) return found;
    const parent = find(tokens.slice(0, -1));
    const state = new Int32Array(scorer.stateLength);
    scorer.extendInto(parent.state, 0, tokens.at(-1) ?? SPACE, state, 0);
    const entry = {score: parent.score + (scorer.gain[0] ?? NaN), state};
    known.set(key, entry);
    return entry;
  };
  return (tokens, isEnd) => {
    const {score, state} = find(tokens);
    if (!isEnd) return score;
    scorer.endInto(state, 0);
    return score + (scorer.gain[0] ?? NaN);
  };
}

/** Processor time, garbage collection included: others on the machine count for little. */
function timeMs(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const {user, system} = process.cpuUsage(start);
  return (user + system) / 1000;
}

function measure(peak: number, beamWidth: number, hasModel: boolean): Record<string, string | boolean> {
  const logProbs = speak(peak);
  const beginning = logProbs.slice(0, TEXTBOOK_FRAME_COUNT * CTC.tokenCount);
  const options = {...CTC, beamWidth, ...(hasModel ? {scorer: createScorer()} : {})};
  const search = new CtcPrefixBeam(options);
  const searchAll = (scores: Float32Array) => () => {
    search.reset();
    search.accept(scores);
  };
  let textbookBest: readonly number[] = [];
  const runTextbook = (): void => {
    const scorer = hasModel ? createTextbookScorer() : undefined;
    const [best] = textbookPrefixBeamSearch(Float64Array.from(beginning), {...CTC, beamWidth}, scorer);
    textbookBest = best?.tokens ?? [];
  };

  let [allMs, beginningMs, textbookMs] = [Infinity, Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round++) {
    allMs = Math.min(allMs, timeMs(searchAll(logProbs)));
    beginningMs = Math.min(beginningMs, timeMs(searchAll(beginning)));
    textbookMs = Math.min(textbookMs, timeMs(runTextbook));
  }
  const framesPerSecond = (FRAME_COUNT / allMs) * 1000;
  const [first] = ctcPrefixBeamSearch(beginning, options);
  return {
    'frames per second': framesPerSecond.toFixed(0),
    'of real time, %': ((100 * FRAMES_PER_SECOND) / framesPerSecond).toFixed(3),
    'textbook, frames per second': ((TEXTBOOK_FRAME_COUNT / textbookMs) * 1000).toFixed(0),
    'times as fast': (textbookMs / beginningMs).toFixed(0),
    'finds the same': first?.tokens.join() === textbookBest.join(),
  };
}

console.log(
  `${model.logProbCodes.length} n-grams over ${model.wordCount} words ` +
    `(${file ?? `invented, seed ${SEED}`}), least processor time of ${ROUNDS} rounds`,
);
const rows: Record<string, Record<string, string | boolean>> = {};
for (const [network, peak] of [
  ['sure', 6],
  ['unsure', 3],
] as const) {
  for (const beamWidth of [16, 64]) {
    for (const hasModel of [false, true]) {
      const name = `${network} network, width ${beamWidth}${hasModel ? ', language model' : ''}`;
      rows[name] = measure(peak, beamWidth, hasModel);
    }
  }
}
console.table(rows);
