import {readFile} from 'node:fs/promises';
import {basename, dirname, resolve} from 'node:path';
import type {LabelledWord} from '../evaluate/detection-score.ts';
import {CliError, namingFile} from './cli-error.ts';
import {parseJsonObject} from './data-index.ts';

/** A word of a labelled recording. */
export interface FileWord extends LabelledWord {
  readonly file: string;
}

/**
 * Reads labelled times: a JSON array, or one object a line, of {file, keyword, startTime, endTime}, milliseconds.
 * @throws CliError where the file cannot be read or an entry is not such an object.
 */
export async function readStreamLabels(path: string): Promise<FileWord[]> {
  const text = await namingFile(path, () => readFile(path, 'utf8'));
  const isArray = text.trimStart().startsWith('[');
  if (isArray) {
    const {words} = parseJsonObject(`{"words": ${text}}`, path);
    return (words as unknown[]).map((word, index) => checkWord(word, `${path} entry ${index + 1}`));
  }
  return text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [{line, where: `${path} line ${index + 1}`}]))
    .map(({line, where}) => checkWord(parseJsonObject(line, where), where));
}

/**
 * The words of each recording, in the order of the recordings. A label's file is taken relative to the labels' own
 * folder; where no recording is there, a recording of the same name elsewhere is meant.
 * @throws CliError where there are labels and none is of any of the recordings: a mistyped name is not a miss.
 */
export function wordsByRecording(
  words: readonly FileWord[],
  recordings: readonly string[],
  labelsPath: string,
): FileWord[][] {
  const folder = dirname(labelsPath);
  const byRecording = recordings.map((recording) =>
    words.filter(
      ({file}) =>
        resolve(folder, file) === resolve(recording) ||
        (!recordings.some((other) => resolve(folder, file) === resolve(other)) &&
          basename(file) === basename(recording)),
    ),
  );
  if (words.length > 0 && byRecording.every((found) => found.length === 0)) {
    throw new CliError(
      `${labelsPath}: got labels of ${words[0]?.file ?? ''}, expected some of ${recordings.join(', ')}`,
    );
  }
  return byRecording;
}

function checkWord(value: unknown, where: string): FileWord {
  if (typeof value === 'object' && value !== null) {
    const {file, keyword, startTime, endTime} = value as Readonly<Record<string, unknown>>;
    const hasTimes = typeof startTime === 'number' && typeof endTime === 'number' && startTime <= endTime;
    if (typeof file === 'string' && typeof keyword === 'string' && hasTimes) {
      return {file, keyword, startTime, endTime};
    }
  }
  throw new CliError(
    `${where}: got ${JSON.stringify(value).slice(0, 80)}, expected ` +
      '{"file": "…", "keyword": "…", "startTime": ms, "endTime": ms}',
  );
}
