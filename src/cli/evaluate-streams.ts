import {
  matchDetections,
  perHour,
  scoreDetections,
  type DetectionMatch,
  type DetectionScore,
} from '../evaluate/detection-score.ts';
import type {KeywordClassifier} from '../pipeline/keyword-classifier.ts';
import {CliError} from './cli-error.ts';
import type {Output} from './command.ts';
import {formatSeconds, formatShare, jsonNumber} from './format.ts';
import {listenToFile, type Detection, type Heard, type ListenSettings} from './listen.ts';
import {describeDetection} from './spot.ts';
import {readStreamLabels, wordsByRecording} from './stream-labels.ts';

/** What to listen to and how to judge it. */
export interface StreamRequest extends ListenSettings {
  readonly files: readonly string[];
  /** File of labelled times; detections are only counted where it is absent. */
  readonly labels?: string | undefined;
  readonly toleranceMs: number;
}

/** One recording, with what became of its words where they are labelled. */
export interface StreamResult extends Heard {
  readonly match?: DetectionMatch<Detection>;
}

/** What an evaluation over long recordings found. */
export interface StreamEvaluation {
  readonly request: StreamRequest;
  readonly files: readonly StreamResult[];
  readonly durationMs: number;
  /** Present where there are labelled times. */
  readonly score?: DetectionScore;
}

/**
 * Listens to long recordings exactly as the page would and, where words are labelled, counts misses and false accepts.
 * Words that are not listened for are left out.
 * @throws CliError where a file or the labels cannot be read.
 */
export async function evaluateStreams(
  classifier: KeywordClassifier,
  request: StreamRequest,
  output: Output,
): Promise<StreamEvaluation> {
  const {files, labels, toleranceMs} = request;
  const words = labels === undefined ? undefined : await wordsListenedFor(classifier, request, labels);
  const results: StreamResult[] = [];
  for (const [index, file] of files.entries()) {
    const heard = await listenToFile(file, classifier, request, output);
    const match = words && matchDetections(words[index] ?? [], heard.detections, toleranceMs);
    results.push({...heard, ...(match && {match})});
  }
  const durationMs = results.reduce((total, result) => total + result.durationMs, 0);
  const matches = results.flatMap(({match}) => (match ? [match] : []));
  return {
    request,
    files: results,
    durationMs,
    ...(words && {score: scoreDetections(matches, durationMs)}),
  };
}

async function wordsListenedFor(
  classifier: KeywordClassifier,
  {files, keywords}: StreamRequest,
  labels: string,
): Promise<ReturnType<typeof wordsByRecording>> {
  const words = await readStreamLabels(labels);
  const {labels: known} = classifier.system.card;
  const strange = words.find(({keyword}) => !known.includes(keyword));
  if (strange) {
    throw new CliError(`${labels}: got keyword "${strange.keyword}", expected one of: ${known.join(', ')}`);
  }
  const byRecording = wordsByRecording(words, files, labels);
  return byRecording.map((found) => found.filter(({keyword}) => keywords.includes(keyword)));
}

/** The evaluation as it stands in the JSON document. */
export function streamEvaluationToJson({request, files, durationMs, score}: StreamEvaluation): object {
  const detectionCount = countDetections(files);
  return {
    protocol: 'stream',
    threshold: request.threshold,
    keywords: request.keywords,
    durationMs,
    detectionCount,
    detectionsPerHour: jsonNumber(perHour(detectionCount, durationMs)),
    ...(score && {
      toleranceMs: request.toleranceMs,
      ...score,
      falseRejectRate: jsonNumber(score.falseRejectRate),
      falseAcceptsPerHour: jsonNumber(score.falseAcceptsPerHour),
    }),
    files: files.map(({match, ...heard}) => ({
      ...heard,
      ...(match && {hits: match.hits, misses: match.misses, falseAccepts: match.falseAccepts}),
    })),
  };
}

/** The evaluation for people: the figures, then what was missed and what was falsely heard, with times. */
export function describeStreamEvaluation({request, files, durationMs, score}: StreamEvaluation): string {
  const detectionCount = countDetections(files);
  const perHourText = perHour(detectionCount, durationMs).toFixed(2);
  const figures = [
    `audio      ${files.length} files, ${formatSeconds(durationMs)}`,
    `threshold  ${request.threshold}`,
    `detections ${detectionCount}, ${perHourText} per hour`,
    ...(score ? describeScore(score, request.toleranceMs) : []),
  ];
  return [...figures, '', ...files.flatMap(describeFile)].join('\n');
}

function describeScore(score: DetectionScore, toleranceMs: number): string[] {
  return [
    `words      ${score.wordCount}, ${score.hitCount} heard within ${toleranceMs} ms`,
    `misses     ${score.missCount} (${formatShare(score.falseRejectRate)})`,
    `false      ${score.falseAcceptCount}, ${score.falseAcceptsPerHour.toFixed(2)} per hour`,
  ];
}

/** What there is to say of one recording: nothing where nothing was heard, or nothing went wrong. */
function describeFile({file, detections, match}: StreamResult): string[] {
  const lines = match
    ? [
        ...match.misses.map(
          ({keyword, startTime, endTime}) =>
            `  ${formatSeconds(startTime)} – ${formatSeconds(endTime)}  ${keyword.padEnd(10)} missed`,
        ),
        ...match.falseAccepts.map((detection) => `  ${describeDetection(detection)}  false`),
      ]
    : detections.map((detection) => `  ${describeDetection(detection)}`);
  return lines.length === 0 ? [] : [file, ...lines];
}

function countDetections(files: readonly StreamResult[]): number {
  return files.reduce((total, {detections}) => total + detections.length, 0);
}
