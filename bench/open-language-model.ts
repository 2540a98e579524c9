/**
 * What opening a language model costs, in its binary form and in ARPA form, and what a word costs to score.
 * Command: npx tsx bench/open-language-model.ts FILE.arpa (train/README.md says how to make one of a million n-grams)
 */
import {readFileSync} from 'node:fs';
import process from 'node:process';
import {encodeNgramModel} from '../src/decode/encode-ngram-model.ts';
import {openNgramModel, scoreWord} from '../src/decode/ngram-model.ts';
import {readArpa} from '../src/formats/arpa.ts';

const ROUNDS = 9;
const WORDS_SCORED = 1_000_000;

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('got no file, expected FILE.arpa');
const text = readFileSync(file, 'utf8');

/** Least of some rounds, ms: others share the machine. */
function leastMs(rounds: number, run: () => unknown): number {
  const times = Array.from({length: rounds}, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.min(...times);
}

const buffer = encodeNgramModel(readArpa(text));
const model = openNgramModel(buffer);
const parseMs = leastMs(1, () => encodeNgramModel(readArpa(text)));
const openMs = leastMs(ROUNDS, () => openNgramModel(buffer));
const next = Int32Array.of(model.startState);
const scoreMs = leastMs(ROUNDS, () => {
  for (let word = 0; word < WORDS_SCORED; word++) {
    scoreWord(model, next[0] ?? 0, (word * 7919) % model.wordCount, next);
  }
});
console.log(`${model.logProbCodes.length} n-grams, ${buffer.byteLength} bytes`);
console.log(`read as ARPA  ${parseMs.toFixed(0)} ms`);
console.log(`open          ${openMs.toFixed(1)} ms, 1/${(parseMs / openMs).toFixed(0)} of that`);
console.log(`score a word  ${((scoreMs / WORDS_SCORED) * 1e6).toFixed(0)} ns`);
