import {join} from 'node:path';
import {readUtteranceIndex, spreadEvenly} from '../src/cli/data-index.ts';
import {readAudio} from '../src/cli/read-audio.ts';
import {toMonoAtRate} from '../src/pipeline/recorded-audio.ts';
import {sharedPath} from '../test/support/shared.ts';

const SAMPLE_RATE_HZ = 16_000;

/** Rows of the first second, one every 10 ms. */
const FIRST_SECOND_ROWS = 100;

/** Recordings of librispeech-other-dev, spread evenly, as samples of 16 kHz. */
export async function readUtterances(count: number): Promise<readonly Float32Array[]> {
  const folder = sharedPath('audio/librispeech-other-dev');
  const utterances: Float32Array[] = [];
  for (const {file} of spreadEvenly(await readUtteranceIndex(folder), count)) {
    const audio = await readAudio(join(folder, file), {print: console.log, warn: console.warn});
    utterances.push(toMonoAtRate(audio, SAMPLE_RATE_HZ));
  }
  return utterances;
}

/** Their mean. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** |a − b|, as far as the shorter goes. */
export function differences(a: Float32Array, b: Float32Array): readonly number[] {
  return Array.from({length: Math.min(a.length, b.length)}, (_, index) =>
    Math.abs((a[index] ?? NaN) - (b[index] ?? NaN)),
  );
}

/** One after the other, as pairs of what is compared. */
export const pairsOf = (
  exact: readonly Float32Array[],
  got: readonly Float32Array[],
): readonly (readonly [Float32Array, Float32Array])[] =>
  exact.map((values, index) => [values, got[index] ?? values]);

/** The same list, begun with its second: every utterance meets another one. */
export const shifted = <Item>(items: readonly Item[]): readonly Item[] => [
  ...items.slice(1),
  ...items.slice(0, 1),
];

/**
 * How far rows are from the exact ones: |difference|, on average, of the worst utterance, at most and in the first second.
 * @param featureCount values of a row.
 */
export function compareFeatures(
  exact: readonly Float32Array[],
  got: readonly Float32Array[],
  featureCount: number,
): object {
  const apart = pairsOf(exact, got).map(([a, b]) => differences(a, b));
  const largest = apart.map((values) => values.reduce((a, b) => Math.max(a, b), 0));
  return {
    mean: meanOf(apart.flat()).toFixed(4),
    'worst utterance': Math.max(...apart.map(meanOf)).toFixed(4),
    max: Math.max(...largest).toFixed(2),
    'first second': meanOf(
      apart.map((values) => meanOf(values.slice(0, FIRST_SECOND_ROWS * featureCount))),
    ).toFixed(4),
  };
}

/** Says of how much audio a table is. */
export function describeAudio(utterances: readonly Float32Array[]): string {
  const seconds = utterances.reduce((sum, {length}) => sum + length, 0) / SAMPLE_RATE_HZ;
  return `${utterances.length} utterances of librispeech-other-dev, ${seconds.toFixed(0)} s`;
}
