import {checkTranscript, splitText, type LineOptions, type TranscriptUtterance} from './transcript.ts';

/**
 * A transcript as plain text: one line for each utterance that has words, single spaces between them.
 * Any thread. @throws RangeError, TypeError where the transcript is out of range.
 */
export function toPlainText(utterances: readonly TranscriptUtterance[], options: LineOptions = {}): string {
  checkTranscript(utterances);
  const {lineEnding = '\n'} = options;
  return utterances
    .map(({text}) => splitText(text).join(' '))
    .filter((line) => line !== '')
    .map((line) => line + lineEnding)
    .join('');
}
