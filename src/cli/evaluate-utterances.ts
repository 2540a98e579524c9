import {join} from 'node:path';
import {
  computeLetterErrors,
  computeWordErrors,
  totalErrorRate,
  type ErrorCounts,
} from '../evaluate/error-rate.ts';
import {toMonoAtRate} from '../pipeline/recorded-audio.ts';
import {DEFAULT_BEAM_WIDTH} from '../pipeline/utterance-decoder.ts';
import {transcribeUtterance, type UtteranceProtocol} from '../pipeline/transcribe-utterance.ts';
import {namingFile} from './cli-error.ts';
import type {Output} from './command.ts';
import {readUtteranceIndex, spreadEvenly, type SpokenClip} from './data-index.ts';
import {formatShare, jsonNumber} from './format.ts';
import type {LoadedTranscriptionSystem} from './load-system.ts';
import {durationMsOf, readAudio} from './read-audio.ts';

/** How utterances are transcribed and compared. */
export interface UtteranceRequest {
  /** Folder with an index.jsonl. */
  readonly data: string;
  /** At most so many utterances; all where it is absent. */
  readonly limit?: number | undefined;
  readonly protocol: UtteranceProtocol;
}

/** One utterance, what was heard, and what was wrong with it. */
export interface UtteranceResult extends SpokenClip {
  readonly heard: string;
  readonly words: ErrorCounts;
  readonly letters: ErrorCounts;
}

/** What an evaluation over utterances found. */
export interface UtteranceEvaluation {
  readonly data: string;
  readonly protocol: UtteranceProtocol;
  readonly results: readonly UtteranceResult[];
  readonly audioMs: number;
  /** Front end and network; reading and decoding the file left out. */
  readonly networkMs: number;
  /** Search. */
  readonly decodingMs: number;
}

/**
 * Transcribes the utterances of a folder with an index.jsonl and counts what is wrong, in lower case: references are
 * published in capitals, tokens are small letters.
 * At most `limit` of them, spread evenly over the index.
 * @throws CliError where the index or an utterance cannot be read, or the system does not run one as long.
 */
export async function evaluateUtterances(
  {transcriber}: LoadedTranscriptionSystem,
  {data, limit = Infinity, protocol}: UtteranceRequest,
  output: Output,
): Promise<UtteranceEvaluation> {
  const clips = spreadEvenly(await readUtteranceIndex(data), limit);
  const results: UtteranceResult[] = [];
  let [audioMs, networkMs, decodingMs] = [0, 0, 0];
  for (const clip of clips) {
    const file = join(data, clip.file);
    const audio = await readAudio(file, output);
    const samples = toMonoAtRate(audio, transcriber.system.sampleRateHz);
    const transcript = await namingFile(file, () => transcribeUtterance(transcriber, samples, protocol));
    const [said, heard] = [clip.text.toLowerCase(), transcript.text.toLowerCase()];
    results.push({
      ...clip,
      heard: transcript.text,
      words: computeWordErrors(said, heard),
      letters: computeLetterErrors(said, heard),
    });
    audioMs += durationMsOf(audio);
    networkMs += transcript.networkMs;
    decodingMs += transcript.decodingMs;
  }
  return {data, protocol, results, audioMs, networkMs, decodingMs};
}

/** The evaluation as it stands in the JSON document. */
export function utteranceEvaluationToJson(evaluation: UtteranceEvaluation): object {
  const {data, protocol, results, audioMs, networkMs, decodingMs} = evaluation;
  return {
    protocol: 'utterances',
    ...describedProtocol(protocol),
    data,
    utterances: results.length,
    audioMs,
    wordErrorRate: ratesOf(results.map(({words}) => words)),
    letterErrorRate: ratesOf(results.map(({letters}) => letters)),
    wordErrors: sumOf(results.map(({words}) => words)),
    letterErrors: sumOf(results.map(({letters}) => letters)),
    realTimeFactor: jsonNumber((networkMs + decodingMs) / audioMs),
    decodingShare: jsonNumber(decodingMs / (networkMs + decodingMs)),
    results,
  };
}

/** The evaluation for people. */
export function describeUtteranceEvaluation(evaluation: UtteranceEvaluation): string {
  const {data, protocol, results, audioMs, networkMs, decodingMs} = evaluation;
  const busyMs = networkMs + decodingMs;
  const {features, decoding, ...search} = describedProtocol(protocol);
  const options = Object.entries(search).map(
    ([name, value]) => `, ${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
  );
  return [
    `data       ${data}, ${results.length} utterances, ${(audioMs / 1000).toFixed(0)} s`,
    `protocol   whole utterances, features "${features}", ${decoding}${options.join('')}`,
    `WER        ${describeErrors(results.map(({words}) => words))}`,
    `LER        ${describeErrors(results.map(({letters}) => letters))}`,
    `speed      real-time factor ${(busyMs / audioMs).toFixed(3)}, of which the search ${formatShare(decodingMs / busyMs)}`,
  ].join('\n');
}

/** The protocol with the defaults that are in force. */
function describedProtocol(protocol: UtteranceProtocol): UtteranceProtocol {
  return protocol.decoding === 'greedy' ? protocol : {beamWidth: DEFAULT_BEAM_WIDTH, ...protocol};
}

function describeErrors(counts: readonly ErrorCounts[]): string {
  const {pooled = NaN, meanOfUtterances = NaN} = totalErrorRate(counts);
  const {substitutions, deletions, insertions, referenceLength} = sumOf(counts);
  return (
    `${formatShare(pooled)} pooled, ${formatShare(meanOfUtterances)} mean of utterances; ` +
    `S ${substitutions}, D ${deletions}, I ${insertions} of ${referenceLength}`
  );
}

function ratesOf(counts: readonly ErrorCounts[]): {
  readonly pooled: number | null;
  readonly mean: number | null;
} {
  const {pooled = NaN, meanOfUtterances = NaN} = totalErrorRate(counts);
  return {pooled: jsonNumber(pooled), mean: jsonNumber(meanOfUtterances)};
}

function sumOf(counts: readonly ErrorCounts[]): Omit<ErrorCounts, 'rate'> {
  const sum = (name: keyof Omit<ErrorCounts, 'rate'>): number =>
    counts.reduce((total, {[name]: count}) => total + count, 0);
  return {
    substitutions: sum('substitutions'),
    deletions: sum('deletions'),
    insertions: sum('insertions'),
    hits: sum('hits'),
    referenceLength: sum('referenceLength'),
  };
}
