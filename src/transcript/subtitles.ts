import {createSubtitleCues, type CueOptions} from './subtitle-cues.ts';
import type {LineOptions, TranscriptUtterance} from './transcript.ts';

/** Options of the exports to subtitles. */
export interface SubtitleOptions extends CueOptions, LineOptions {}

/**
 * A transcript as SubRip (.srt). SubRip has no escapes and players read `<…>` as markup: texts stand as they are, but
 * for `-->`, which would be taken for a line of times, and becomes `->`.
 * Any thread. @throws RangeError, TypeError as {@link createSubtitleCues}.
 */
export function toSrt(utterances: readonly TranscriptUtterance[], options: SubtitleOptions = {}): string {
  const cues = createSubtitleCues(utterances, options).map(({startMs, endMs, lines}, index) => [
    String(index + 1),
    `${formatTime(startMs, ',')} --> ${formatTime(endMs, ',')}`,
    ...lines.map((line) => line.replace(/--+>/g, '->')),
    '',
  ]);
  return joinLines(cues.flat(), options);
}

/**
 * A transcript as WebVTT (https://www.w3.org/TR/webvtt1/); `&`, `<` and `>` are escaped, so that no text is markup or
 * `-->`.
 * Any thread. @throws RangeError, TypeError as {@link createSubtitleCues}.
 */
export function toWebVtt(utterances: readonly TranscriptUtterance[], options: SubtitleOptions = {}): string {
  const cues = createSubtitleCues(utterances, options).map(({startMs, endMs, lines}) => [
    `${formatTime(startMs, '.')} --> ${formatTime(endMs, '.')}`,
    ...lines.map(escapeMarkup),
    '',
  ]);
  return joinLines(['WEBVTT', '', ...cues.flat()], options);
}

function joinLines(lines: readonly string[], {lineEnding = '\n'}: LineOptions): string {
  return lines.map((line) => line + lineEnding).join('');
}

/** hh:mm:ss and milliseconds; hours have as many digits as they need, at least two. */
function formatTime(ms: number, separator: ',' | '.'): string {
  const seconds = Math.floor(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  return `${clock}${separator}${String(ms % 1000).padStart(3, '0')}`;
}

function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
