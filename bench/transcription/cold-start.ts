import {builtInLanguageModel} from '../../src/models/language-models.ts';
import {weighRequests, type DownloadedFile} from '../../test/support/page-weight.ts';
import {repositoryPath} from '../../test/support/repository.ts';
import {concatenate, silence, writeWav} from '../../test/support/wav.ts';
import type {Row} from '../measurement.ts';
import {BYTES_UNIT, partRows} from '../part-rows.ts';
import {RATE_HZ} from '../speech-material.ts';
import {rowOf} from './rows.ts';
import {timeStart, type StartMarks} from './transcribing-page.ts';

/** Somebody who speaks at once. */
export interface SpokenClip {
  /** At RATE_HZ. */
  readonly samples: Float32Array;
  /** How much of it the first partial needs, from the start of the utterance on. */
  readonly partialWaitMs: number;
}

/** Every start has a browser of its own, so there are fewer rounds. */
const MOST_ROUNDS = 10;
const LEAD_MS = 500;
const TAIL_MS = 2000;
const PACKAGE_PATH = '/vendor/earshot/'; // of the page that the tests of sessions open

/**
 * How long a visitor waits for the first text, and what the page downloads for it.
 * @param wavPath where the microphone's file may be written.
 */
export async function measureColdStart(
  {samples, partialWaitMs}: SpokenClip,
  {rounds, wavPath}: {readonly rounds: number; readonly wavPath: string},
): Promise<readonly Row[]> {
  writeWav(wavPath, concatenate([silence(LEAD_MS, RATE_HZ), samples, silence(TAIL_MS, RATE_HZ)]), RATE_HZ);
  const plain: StartMarks[] = [];
  const withWords: StartMarks[] = [];
  const {requests} = await timeStart(wavPath, {languageModel: 'built-in'}); // the machine's file cache is cold
  for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round++) {
    plain.push(await timeStart(wavPath, {languageModel: 'none'}));
    withWords.push(await timeStart(wavPath, {languageModel: 'built-in'}));
  }
  const files = await weighRequests(repositoryPath('dist/package'), PACKAGE_PATH, requests);
  return [...startRows(plain, withWords, partialWaitMs), ...byteRows(files)];
}

function startRows(
  plain: readonly StartMarks[],
  withWords: readonly StartMarks[],
  partialMs: number,
): readonly Row[] {
  const note = `${plain.length} starts`;
  const row = (name: string, values: readonly number[]): Row =>
    rowOf(name, 'ms', values.filter(Number.isFinite), note);
  const ownMs = plain.map(({partial, utteranceStart}) => partial - utteranceStart - partialMs);
  return [
    row(
      'from load() until the network is ready',
      plain.map(({ready}) => ready),
    ),
    row(
      'the same with the built-in language model',
      withWords.map(({ready}) => ready),
    ),
    row(
      'from load() until the microphone is open',
      plain.map(({listening}) => listening),
    ),
    row(
      'from load() until the first partial, of somebody who speaks at once',
      plain.map(({partial}) => partial),
    ),
    row('the same less the sound that must be heard first', ownMs),
  ];
}

function byteRows(files: readonly DownloadedFile[]): readonly Row[] {
  const total = files.reduce((sum, {gzipBytes}) => sum + gzipBytes, 0);
  const words = files.find(({path}) => path.endsWith(builtInLanguageModel.builtInPath))?.gzipBytes ?? 0;
  return [
    {name: 'bytes in all, without the language model', unit: BYTES_UNIT, value: total - words},
    {name: 'bytes in all, with the built-in language model', unit: BYTES_UNIT, value: total},
    ...partRows(files),
  ];
}
