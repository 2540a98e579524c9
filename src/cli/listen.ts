import type {KeywordClassifier} from '../pipeline/keyword-classifier.ts';
import {spotRecording} from '../pipeline/spot-recording.ts';
import type {KeywordCard} from '../systems/card.ts';
import {resolveThreshold} from '../systems/operating-point.ts';
import {UsageError} from './cli-error.ts';
import type {Output} from './command.ts';
import {numberOption, type NumberKind} from './parse-options.ts';
import {durationMsOf, readAudio} from './read-audio.ts';

/** Options that say what is reported of a recording; the same for every command that listens to one. */
export const listenOptions = {
  threshold: {type: 'string'},
  keywords: {type: 'string'},
} as const;

/** What `--help` says of them. */
export const listenOptionsHelp = `\
  --threshold X        smoothed posterior at which a keyword is reported, above 0, at most 1; or auto:RATE/h, the
                       one with the fewest misses at no more than RATE false accepts an hour, by the system's card
  --keywords "A B"     keywords to report; default: all of the system's`;

const THRESHOLD: NumberKind = {
  expected: 'a number above 0, at most 1, or auto:RATE/h',
  accepts: (value) => value > 0 && value <= 1,
};

/** How a run listens, defaults filled in. */
export interface ListenSettings {
  readonly threshold: number;
  readonly keywords: readonly string[];
}

/** A keyword that was heard; times in milliseconds from the recording's first sample, as in the page's events. */
export interface Detection {
  readonly keyword: string;
  readonly score: number;
  readonly startTime: number;
  readonly endTime: number;
}

/** What was heard in one recording. */
export interface Heard {
  readonly file: string;
  readonly durationMs: number;
  readonly detections: readonly Detection[];
  readonly realTimeFactor: number;
}

/**
 * The settings that were asked for.
 * @throws UsageError where the threshold is out of its range or not on the system's curve, or a keyword is none of the
 * system's.
 */
export function readListenSettings(
  card: KeywordCard,
  values: {readonly threshold?: string | undefined; readonly keywords?: string | undefined},
): ListenSettings {
  const threshold = readThreshold(values.threshold, card);
  const known = card.labels.filter((label) => !card.rejectLabels.includes(label));
  const keywords = values.keywords?.split(/[\s,]+/).filter((word) => word !== '') ?? known;
  const unknown = keywords.find((word) => !known.includes(word));
  if (keywords.length === 0 || unknown !== undefined) {
    throw new UsageError(`--keywords: got "${unknown ?? ''}", expected some of: ${known.join(' ')}`);
  }
  return {threshold: threshold ?? card.defaults.threshold, keywords};
}

function readThreshold(text: string | undefined, card: KeywordCard): number | undefined {
  if (!text?.startsWith('auto:')) return numberOption('threshold', text, THRESHOLD);
  try {
    return resolveThreshold(text, card);
  } catch (cause) {
    throw new UsageError((cause as RangeError).message, {cause});
  }
}

/** Listens to one audio file exactly as the page listens to a microphone. */
export async function listenToFile(
  file: string,
  classifier: KeywordClassifier,
  {threshold, keywords}: ListenSettings,
  output: Output,
): Promise<Heard> {
  const audio = await readAudio(file, output);
  const durationMs = durationMsOf(audio);
  const clock = (): number => performance.now();
  const {hits, stats} = await spotRecording(classifier, audio, {threshold, keywords, clock});
  const toMs = (sample: number): number =>
    Math.min(durationMs, Math.round((sample * 1000) / classifier.system.mfcc.sampleRateHz));
  const detections = hits.map(({keyword, score, startSample, endSample}) => ({
    keyword,
    score,
    startTime: toMs(startSample),
    endTime: toMs(endSample),
  }));
  return {file, durationMs, detections, realTimeFactor: stats.realTimeFactor};
}
