import {join} from 'node:path';
import {
  computeAccuracy,
  computeRecalls,
  countAnswer,
  createConfusion,
  rowOf,
  type Confusion,
} from '../evaluate/confusion.ts';
import {
  computeExpectedCalibrationError,
  computeReliability,
  type ReliabilityBin,
} from '../evaluate/reliability.ts';
import {ClipClassifier} from '../pipeline/clip-classifier.ts';
import type {KeywordClassifier} from '../pipeline/keyword-classifier.ts';
import {CliError} from './cli-error.ts';
import type {Output} from './command.ts';
import {readDataIndex, spreadEvenly, type LabelledClip} from './data-index.ts';
import {formatShare, formatTable, jsonNumber} from './format.ts';
import {readAudio} from './read-audio.ts';

/** Left out of the second accuracy: published figures count it or not, and noisy copies have it without noise. */
export const SILENCE_LABEL = '_silence_';

/** The network's answer for one clip. */
export interface ClipResult extends LabelledClip {
  readonly predicted: string;
  readonly posterior: number; // of the predicted label
}

/** What an evaluation over clips found. */
export interface ClipEvaluation {
  readonly data: string;
  readonly results: readonly ClipResult[];
  readonly confusion: Confusion;
  readonly reliability: readonly ReliabilityBin[];
  /** Features and inference; reading and decoding the file left out. */
  readonly timePerClipMs: number;
}

/**
 * Classifies the clips of a folder with an index.jsonl, by the protocol of the published figures.
 * At most `limit` of them, spread evenly over the index.
 * @throws CliError where the index or a clip cannot be read, or a label is none of the system's.
 */
export async function evaluateClips(
  classifier: KeywordClassifier,
  {data, limit = Infinity}: {readonly data: string; readonly limit?: number | undefined},
  output: Output,
): Promise<ClipEvaluation> {
  const {labels} = classifier.system.card;
  const clips = spreadEvenly(await readDataIndex(data), limit);
  checkLabels(clips, labels, data);
  const clipClassifier = new ClipClassifier(classifier);
  const posteriors = new Float32Array(labels.length);
  const confusion = createConfusion(labels);
  const results: ClipResult[] = [];
  let busyMs = 0;
  for (const {file, label} of clips) {
    const audio = await readAudio(join(data, file), output);
    const startMs = performance.now();
    await clipClassifier.classify(audio, posteriors);
    busyMs += performance.now() - startMs;
    const best = indexOfLargest(posteriors);
    const predicted = labels[best] ?? '';
    countAnswer(confusion, label, predicted);
    results.push({file, label, predicted, posterior: posteriors[best] ?? 0});
  }
  const answers = results.map(({label, predicted, posterior}) => ({
    confidence: posterior,
    isRight: label === predicted,
  }));
  const reliability = computeReliability(answers);
  return {data, results, confusion, reliability, timePerClipMs: busyMs / clips.length};
}

/** The evaluation as it stands in the JSON document. */
export function clipEvaluationToJson(evaluation: ClipEvaluation): object {
  const {data, results, confusion, reliability, timePerClipMs} = evaluation;
  const {labels} = confusion;
  const recalls = computeRecalls(confusion);
  return {
    protocol: 'clips',
    data,
    clips: results.length,
    accuracy: jsonNumber(computeAccuracy(confusion)),
    accuracyWithoutSilence: jsonNumber(computeAccuracy(confusion, [SILENCE_LABEL])),
    recall: Object.fromEntries(labels.map((label, index) => [label, jsonNumber(recalls[index] ?? NaN)])),
    confusion: {labels, counts: labels.map((_, said) => rowOf(confusion, said))},
    expectedCalibrationError: jsonNumber(computeExpectedCalibrationError(reliability)),
    reliability: reliability.map((bin) => ({
      ...bin,
      meanConfidence: jsonNumber(bin.meanConfidence),
      rightShare: jsonNumber(bin.rightShare),
    })),
    timePerClipMs,
    results,
  };
}

/**
 * The evaluation for people: figures, then one row per class with its recall and what was heard, then one row per bin
 * of confidence that is not empty.
 */
export function describeClipEvaluation(evaluation: ClipEvaluation): string {
  const {data, results, confusion, reliability, timePerClipMs} = evaluation;
  const {labels} = confusion;
  const recalls = computeRecalls(confusion);
  const heading = ['said \\ heard', 'recall', ...labels];
  const rows = labels.map((label, said) => [
    label,
    formatShare(recalls[said] ?? NaN),
    ...rowOf(confusion, said).map(String),
  ]);
  return [
    `data       ${data}, ${results.length} clips`,
    `accuracy   ${formatShare(computeAccuracy(confusion))} over all`,
    `           ${formatShare(computeAccuracy(confusion, [SILENCE_LABEL]))} without ${SILENCE_LABEL}`,
    `ECE        ${formatShare(computeExpectedCalibrationError(reliability))} over all, ${reliability.length} bins`,
    `time       ${timePerClipMs.toFixed(2)} ms per clip (features and inference)`,
    '',
    formatTable([heading, ...rows]),
    '',
    describeReliability(reliability),
  ].join('\n');
}

function describeReliability(reliability: readonly ReliabilityBin[]): string {
  const rows = reliability
    .filter(({count}) => count > 0)
    .map(({from, to, count, meanConfidence, rightShare}) => [
      `${formatShare(from)} – ${formatShare(to)}`,
      String(count),
      formatShare(meanConfidence),
      formatShare(rightShare),
    ]);
  return formatTable([['confidence', 'clips', 'mean confidence', 'right'], ...rows]);
}

function checkLabels(clips: readonly LabelledClip[], labels: readonly string[], data: string): void {
  const strange = clips.find(({label}) => !labels.includes(label));
  if (!strange) return;
  throw new CliError(
    `${join(data, strange.file)}: got label "${strange.label}", expected one of: ${labels.join(', ')}`,
  );
}

/** The first of equal maxima, as numpy's argmax. */
export function indexOfLargest(values: Float32Array): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? NaN) ? index : best), 0);
}
