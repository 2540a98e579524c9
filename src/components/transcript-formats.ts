import {toSrt, toWebVtt} from '../transcript/subtitles.ts';
import {toTranscriptJson} from '../transcript/transcript-json.ts';
import {toPlainText} from '../transcript/transcript-text.ts';
import type {TranscriptUtterance} from '../transcript/transcript.ts';

/** A kind of file that a transcript can be downloaded as. */
export interface TranscriptFormat {
  /** For people. */
  readonly title: string;
  /** Of the file's name. */
  readonly extension: string;
  /** Media type. */
  readonly type: string;
  readonly write: (utterances: readonly TranscriptUtterance[]) => string;
}

/** All of them, in the order in which a list should show them; the first is the default. */
export const transcriptFormats: readonly [TranscriptFormat, ...TranscriptFormat[]] = [
  {title: 'Text', extension: 'txt', type: 'text/plain', write: (utterances) => toPlainText(utterances)},
  {title: 'SRT', extension: 'srt', type: 'application/x-subrip', write: (utterances) => toSrt(utterances)},
  {title: 'WebVTT', extension: 'vtt', type: 'text/vtt', write: (utterances) => toWebVtt(utterances)},
  {title: 'JSON', extension: 'json', type: 'application/json', write: toTranscriptJson},
];
