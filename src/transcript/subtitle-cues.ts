import {checkTranscript, splitText, type TranscriptUtterance} from './transcript.ts';

/** How a transcript is cut into subtitles. */
export interface CueOptions {
  /** Characters (Unicode code points) a line, default 42, the usual limit of broadcasters. */
  readonly maxLineCharacters?: number;
  /** Lines a cue, default 2. */
  readonly maxLines?: number;
  /** Longest time that a cue is shown, default 7,000 ms. */
  readonly maxCueMs?: number;
  /** A pause between words that always begins a new cue, default 700 ms. */
  readonly pauseMs?: number;
}

/** One subtitle: whole milliseconds, never before the end of the one before it, and its lines. */
export interface SubtitleCue {
  readonly startMs: number;
  readonly endMs: number;
  readonly lines: readonly string[];
}

interface TimedWord {
  readonly text: string;
  readonly startTime: number;
  readonly endTime: number;
}

/** A pause that a cue which is full is cut at, where there is one in its second half. */
const PREFERRED_PAUSE_MS = 150;

/**
 * Cuts utterances into cues: no cue holds words of two utterances, more than its lines, more than its time, or a pause.
 * A full cue is cut at the longest pause of its second half, or else where it is full. A word longer than a line is
 * broken; one shown for longer than a cue is taken away when the time is over.
 * Any thread.
 * @throws RangeError, TypeError where an option or the transcript is out of range.
 */
export function createSubtitleCues(
  utterances: readonly TranscriptUtterance[],
  options: CueOptions = {},
): readonly SubtitleCue[] {
  checkTranscript(utterances);
  const limits = readLimits(options);
  const cues: SubtitleCue[] = [];
  for (const utterance of utterances) {
    for (const words of splitAtPauses(timedWords(utterance, limits.maxLineCharacters), limits.pauseMs)) {
      addCues(words, limits, cues);
    }
  }
  return cues;
}

function readLimits(options: CueOptions): Required<CueOptions> {
  const limits = {maxLineCharacters: 42, maxLines: 2, maxCueMs: 7000, pauseMs: 700, ...options};
  for (const name of ['maxLineCharacters', 'maxLines'] as const) {
    if (Number.isInteger(limits[name]) && limits[name] >= 1) continue;
    throw new RangeError(`${name}: got ${limits[name]}, expected a whole number of at least 1`);
  }
  for (const name of ['maxCueMs', 'pauseMs'] as const) {
    if (limits[name] >= 1) continue;
    throw new RangeError(`${name}: got ${limits[name]}, expected 1 or more`);
  }
  return limits;
}

/** The words with their times; a text without words shares out its time by characters. */
function timedWords(
  {text, words, startTime, endTime}: TranscriptUtterance,
  maxCharacters: number,
): TimedWord[] {
  if (words.length > 0) return words.flatMap((word) => breakWord(word, maxCharacters));
  return breakWord({text, startTime, endTime}, maxCharacters);
}

/** A text as words no longer than a line, which share its time by their characters. */
function breakWord({text, startTime, endTime}: TimedWord, maxCharacters: number): TimedWord[] {
  const pieces = splitText(text).flatMap((word) => {
    const characters = Array.from(word);
    const count = Math.ceil(characters.length / maxCharacters);
    return Array.from({length: count}, (_, index) =>
      characters.slice(index * maxCharacters, (index + 1) * maxCharacters).join(''),
    );
  });
  const total = pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
  const at = (position: number): number => startTime + ((endTime - startTime) * position) / total;
  let position = 0;
  return pieces.map((piece) => {
    const first = position;
    position += lengthOf(piece);
    return {text: piece, startTime: at(first), endTime: at(position)};
  });
}

function splitAtPauses(words: readonly TimedWord[], pauseMs: number): readonly TimedWord[][] {
  const groups: TimedWord[][] = [];
  words.forEach((word, index) => {
    if (index === 0 || pauseBefore(words, index) >= pauseMs) groups.push([]);
    groups.at(-1)?.push(word);
  });
  return groups;
}

function addCues(words: readonly TimedWord[], limits: Required<CueOptions>, cues: SubtitleCue[]): void {
  for (let first = 0; first < words.length;) {
    let end = first + 1;
    while (end < words.length && fits(words.slice(first, end + 1), limits)) end++;
    if (end < words.length) end = preferredEnd(words, first, end);
    cues.push(createCue(words.slice(first, end), limits, cues.at(-1)));
    first = end;
  }
}

function fits(
  words: readonly TimedWord[],
  {maxCueMs, maxLineCharacters, maxLines}: Required<CueOptions>,
): boolean {
  const [first] = words;
  const last = words.at(-1);
  if (!first || !last || last.endTime - first.startTime > maxCueMs) return false;
  return wrap(words, maxLineCharacters).length <= maxLines;
}

/** The end of a cue that would hold the words from `first` to `end`, where more words follow. */
function preferredEnd(words: readonly TimedWord[], first: number, end: number): number {
  let preferred = end;
  let longest = Math.max(PREFERRED_PAUSE_MS, pauseBefore(words, end));
  for (let index = end - 1; index > (first + end) / 2; index--) {
    const pause = pauseBefore(words, index);
    if (pause <= longest) continue;
    longest = pause;
    preferred = index;
  }
  return preferred;
}

function pauseBefore(words: readonly TimedWord[], index: number): number {
  return (words[index]?.startTime ?? 0) - (words[index - 1]?.endTime ?? 0);
}

function createCue(
  words: readonly TimedWord[],
  {maxCueMs, maxLineCharacters}: Required<CueOptions>,
  before: SubtitleCue | undefined,
): SubtitleCue {
  const startMs = Math.max(Math.round(words[0]?.startTime ?? 0), before?.endMs ?? 0);
  // WebVTT wants an end after the start; a word may have no length
  const endMs = Math.max(startMs + 1, Math.min(Math.round(words.at(-1)?.endTime ?? 0), startMs + maxCueMs));
  return {startMs, endMs, lines: balance(words, maxLineCharacters)};
}

/** Fills each line as far as it goes. */
function wrap(words: readonly TimedWord[], maxCharacters: number): string[] {
  const lines: string[] = [];
  for (const {text} of words) {
    const joined = lines.length === 0 ? text : `${lines.at(-1)} ${text}`;
    if (lines.length > 0 && lengthOf(joined) <= maxCharacters) lines[lines.length - 1] = joined;
    else lines.push(text);
  }
  return lines;
}

/** The same number of lines, the longest of them as short as it can be. */
function balance(words: readonly TimedWord[], maxCharacters: number): readonly string[] {
  const full = wrap(words, maxCharacters);
  let lines = full;
  for (let limit = Math.max(...full.map(lengthOf)) - 1; limit > 0; limit--) {
    const narrower = wrap(words, limit);
    if (narrower.length > full.length || narrower.some((line) => lengthOf(line) > limit)) break;
    lines = narrower;
  }
  return lines;
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
