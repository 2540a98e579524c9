import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {computeLetterErrors, totalErrorRate} from '../../src/evaluate/error-rate.ts';
import type {Precision} from '../../src/graph/precision.ts';
import {earshot} from './earshot-command.ts';
import {repositoryPath} from './repository.ts';
import {hasShared, sharedPath} from './shared.ts';

/** Where train/deepspeech2 leaves its checkpoint and what PyTorch reads off it. */
const folder = process.env['EARSHOT_DS2_CACHE'] ?? repositoryPath('.cache/train-ds2');
/** The checkpoint: 20 MB, not committed. */
export const trainedDeepSpeech2File = join(folder, 'narrow.pth');
const textsFile = join(folder, 'narrow-librispeech-other-dev.jsonl');

/** Whether the trained checkpoint, PyTorch's texts and the recordings are there. */
export const hasTrainedDeepSpeech2: boolean =
  hasShared && existsSync(trainedDeepSpeech2File) && existsSync(textsFile);

/** What is missing, for titles of tests that are skipped. */
export const missingTrainedDeepSpeech2 = hasTrainedDeepSpeech2
  ? ''
  : ' (skipped: ../shared, or narrow.pth and its texts by train.deepspeech2.transcribe, are absent)';

/** An utterance, what was said, and what was heard. */
export interface Heard {
  readonly file: string;
  readonly text: string;
  readonly heard: string;
}

/** What one way to run the network hears, over all utterances. */
export interface SpeechEvaluation {
  readonly results: readonly Heard[];
  readonly realTimeFactor: number;
  readonly letterErrorRate: {readonly pooled: number};
  readonly wordErrorRate: {readonly pooled: number};
}

/** How far texts are from PyTorch's. */
export interface TextAgreement {
  /** Wrong letters ÷ PyTorch's letters. */
  readonly letterRate: number;
  readonly sameTexts: number;
  readonly emptyTexts: number;
}

/** Turns the trained checkpoint into what runs here, by the command line, into a folder. */
export async function importTrainedDeepSpeech2(precision: Precision, out: string): Promise<void> {
  await run(
    'import',
    trainedDeepSpeech2File,
    '--system',
    'deepspeech2',
    '--precision',
    precision,
    '--out',
    out,
  );
}

/** Transcribes librispeech-other-dev greedily with an imported network. */
export async function evaluateDeepSpeech2(
  network: string,
  features: 'utterance' | 'streaming',
): Promise<SpeechEvaluation> {
  const data = sharedPath('audio/librispeech-other-dev');
  const mode = features === 'streaming' ? ['--streaming'] : [];
  const printed = await run(
    ...['evaluate', 'deepspeech2', '--weights', network, '--data', data, '--json', ...mode],
  );
  return JSON.parse(printed) as SpeechEvaluation;
}

/** Compares what was heard with PyTorch's greedy texts of the same checkpoint. */
export function compareWithPyTorch(results: readonly Heard[]): TextAgreement {
  const texts = readPyTorchTexts();
  const expected = results.map(({file}) => texts.get(file) ?? fail(`no text of ${file} in ${textsFile}`));
  const errors = results.map(({heard}, index) => computeLetterErrors(expected[index] ?? '', heard));
  return {
    letterRate: totalErrorRate(errors).pooled ?? NaN,
    sameTexts: results.filter(({heard}, index) => heard === expected[index]).length,
    emptyTexts: results.filter(({heard}) => heard === '').length,
  };
}

function readPyTorchTexts(): ReadonlyMap<string, string> {
  const lines = readFileSync(textsFile, 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const {file, hypothesis} = JSON.parse(line) as {file: string; hypothesis: string};
      return [file, hypothesis];
    }),
  );
}

async function run(...args: readonly string[]): Promise<string> {
  const {code, stdout, stderr} = await earshot(...args);
  return code === 0 ? stdout : fail(`earshot ${args.join(' ')}: ${stderr}`);
}

function fail(message: string): never {
  throw new Error(message);
}
