import {readFile} from 'node:fs/promises';
import {encodeNgramModel} from '../decode/encode-ngram-model.ts';
import {openNgramModel, scoreEnd, scoreWord, type NgramModel} from '../decode/ngram-model.ts';
import {readArpa} from '../formats/arpa.ts';
import {namingFile, UsageError} from './cli-error.ts';
import type {Command} from './command.ts';
import {formatShare, formatTable} from './format.ts';
import {parseOptions} from './parse-options.ts';

const help = `\
Usage: earshot perplexity MODEL TEXT… [options]

Measures an n-gram language model (.arpa, or the binary form) on texts: one sentence a line, or the "text" of each row
of a .jsonl file. Perplexity is e to the mean negative ln P of the words and of the sentences' ends; words that the
model does not know are left out of it and counted instead, as SRILM's ppl does.

  --lower-case         lower the texts' case before
  --help               print this text`;

/** How well a model predicts a text. */
interface TextScore {
  sentenceCount: number;
  wordCount: number;
  unknownCount: number;
  logProb: number; // natural logarithm, of known words and ends
}

/** `earshot perplexity`: how well a language model predicts texts. */
export const perplexity: Command = {
  name: 'perplexity',
  summary: 'measure a language model on texts',
  help,
  async run(args, output) {
    const {values, positionals} = parseOptions(args, {'lower-case': {type: 'boolean', default: false}});
    const [modelFile, ...textFiles] = positionals;
    if (modelFile === undefined || textFiles.length === 0) {
      throw new UsageError(
        `perplexity: got ${positionals.length} files, expected a model and one or more texts`,
      );
    }
    const model = await namingFile(modelFile, () => openModel(modelFile));
    const rows = [['text', 'sentences', 'words', 'unknown', 'perplexity']];
    for (const file of textFiles) {
      const sentences = await namingFile(file, () => readSentences(file));
      rows.push([file, ...describeScore(scoreSentences(model, sentences, values['lower-case']))]);
    }
    output.print(formatTable(rows));
  },
};

async function openModel(file: string): Promise<NgramModel> {
  if (file.endsWith('.arpa')) return openNgramModel(encodeNgramModel(readArpa(await readFile(file, 'utf8'))));
  return openNgramModel(new Uint8Array(await readFile(file)).buffer);
}

async function readSentences(file: string): Promise<readonly string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return file.endsWith('.jsonl') ? lines.map((line) => textOf(JSON.parse(line))) : lines;
}

function textOf(row: unknown): string {
  if (typeof row === 'object' && row !== null && 'text' in row && typeof row.text === 'string')
    return row.text;
  throw new UsageError(`got ${JSON.stringify(row)}, expected a row with a "text"`);
}

function scoreSentences(model: NgramModel, sentences: readonly string[], isLowered: boolean): TextScore {
  const score: TextScore = {sentenceCount: sentences.length, wordCount: 0, unknownCount: 0, logProb: 0};
  const next = new Int32Array(1);
  for (const sentence of sentences) {
    let state = model.startState;
    for (const word of (isLowered ? sentence.toLowerCase() : sentence).trim().split(/\s+/)) {
      const wordId = model.wordIdOf(word);
      const logProb = scoreWord(model, state, wordId, next);
      state = next[0] ?? 0;
      score.wordCount += 1;
      if (wordId < 0) score.unknownCount += 1;
      else score.logProb += logProb;
    }
    score.logProb += scoreEnd(model, state);
  }
  return score;
}

function describeScore({sentenceCount, wordCount, unknownCount, logProb}: TextScore): readonly string[] {
  const scoredCount = wordCount - unknownCount + sentenceCount;
  return [
    String(sentenceCount),
    String(wordCount),
    formatShare(unknownCount / wordCount),
    Math.exp(-logProb / scoredCount).toFixed(1),
  ];
}
