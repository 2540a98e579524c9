import {describe, expect, it} from 'vitest';
import {
  createSubtitleCues,
  type CueOptions,
  type SubtitleCue,
} from '../../../src/transcript/subtitle-cues.ts';
import {seededRandom} from '../../support/prng.ts';
import {randomTranscript, utteranceOf} from '../../support/transcripts.ts';

/** Words of 200 ms each, 50 ms apart; a number between them is a longer pause, ms. */
function spoken(...parts: readonly (string | number)[]) {
  let time = 0;
  const words = parts.flatMap((part) => {
    if (typeof part === 'number') time += part - 50;
    return typeof part === 'number'
      ? []
      : part.split(' ').map((text) => {
          const startTime = time;
          time += 250;
          return {text, startTime, endTime: startTime + 200, confidence: 1};
        });
  });
  return utteranceOf(words);
}

const linesOf = (cues: readonly SubtitleCue[]) => cues.map(({lines}) => lines);

describe('cues', () => {
  it('hold one short utterance each, with its times', () => {
    expect(createSubtitleCues([spoken('go left')])).toEqual([{startMs: 0, endMs: 450, lines: ['go left']}]);
  });

  it('share two lines evenly, rather than leave one word on the second', () => {
    const cues = createSubtitleCues([spoken('the quick brown fox jumps over the lazy dog today')]);
    expect(linesOf(cues)).toEqual([['the quick brown fox jumps', 'over the lazy dog today']]);
  });

  it('end at a pause', () => {
    const cues = createSubtitleCues([spoken('yes', 700, 'no', 699, 'stop')]);
    expect(linesOf(cues)).toEqual([['yes'], ['no stop']]);
    expect(cues.map(({startMs, endMs}) => [startMs, endMs])).toEqual([
      [0, 200],
      [900, 1999],
    ]);
  });

  it('are cut where they are full, at a pause of the second half where there is one', () => {
    const twelve = 'abcdefgh '.repeat(12).trim();
    expect(createSubtitleCues([spoken(twelve)]).map(({lines}) => lines.join(' ').split(' ').length)).toEqual([
      8, 4,
    ]);
    const paused = spoken('abcdefgh '.repeat(6).trim(), 300, 'abcdefgh '.repeat(6).trim());
    expect(createSubtitleCues([paused]).map(({lines}) => lines.join(' ').split(' ').length)).toEqual([6, 6]);
  });

  it('last at most seven seconds', () => {
    const slow = Array.from({length: 5}, (_, index) => ({
      text: 'so',
      startTime: 2000 * index,
      endTime: 2000 * index + 1900,
      confidence: 1,
    }));
    const cues = createSubtitleCues([utteranceOf(slow)]);
    expect(cues.map(({startMs, endMs}) => endMs - startMs)).toEqual([5900, 3900]);
    const held = utteranceOf([{text: 'oooh', startTime: 0, endTime: 20_000, confidence: 1}]);
    expect(createSubtitleCues([held])[0]?.endMs).toBe(7000);
  });

  it('share out the time of a text without words by its characters', () => {
    const text = 'ab '.repeat(40).trim();
    const cues = createSubtitleCues([{text, words: [], startTime: 1000, endTime: 5000, confidence: 1}]);
    expect(cues.map(({startMs, endMs}) => [startMs, endMs])).toEqual([
      [1000, 3800],
      [3800, 5000],
    ]);
  });

  it('break a word that is longer than a line', () => {
    const cues = createSubtitleCues([spoken('x'.repeat(100))]);
    expect(linesOf(cues)).toEqual([['x'.repeat(42), 'x'.repeat(42)], ['x'.repeat(16)]]);
  });

  it('keep to every limit and lose no letter (50 seeded transcripts)', () => {
    const random = seededRandom(23);
    for (let round = 0; round < 50; round++) {
      const transcript = randomTranscript(random);
      const limits = {
        maxLineCharacters: random.integer(1, 50),
        maxLines: random.integer(1, 3),
        maxCueMs: random.integer(100, 9000),
      };
      const what = `seed ${random.seed}, round ${round}`;
      const cues = createSubtitleCues(transcript, limits);
      cues.forEach((cue, index) => expectWithin(cue, cues[index - 1], limits, what));
      const said = transcript.flatMap(({text, words}) =>
        words.length > 0 ? words.map((word) => word.text) : [text],
      );
      const letters = (texts: readonly string[]): string => texts.join('').replace(/[\s\p{Cc}]/gu, '');
      expect(letters(cues.flatMap(({lines}) => lines)), what).toBe(letters(said));
    }
  });
});

function expectWithin(
  {startMs, endMs, lines}: SubtitleCue,
  before: SubtitleCue | undefined,
  {maxCueMs, maxLines, maxLineCharacters}: Required<Omit<CueOptions, 'pauseMs'>>,
  what: string,
): void {
  expect([startMs, endMs].every(Number.isInteger), what).toBe(true);
  expect(startMs, what).toBeGreaterThanOrEqual(before?.endMs ?? 0);
  expect(endMs, what).toBeGreaterThan(startMs);
  expect(endMs - startMs, what).toBeLessThanOrEqual(maxCueMs);
  expect(lines.length, what).toBeGreaterThan(0);
  expect(lines.length, what).toBeLessThanOrEqual(maxLines);
  for (const line of lines) {
    expect(line, what).toMatch(/^\S/);
    expect(Array.from(line).length, what).toBeLessThanOrEqual(maxLineCharacters);
  }
}

describe('cues refuse', () => {
  it.each<[CueOptions, string]>([
    [{maxLineCharacters: 0}, 'maxLineCharacters: got 0, expected a whole number of at least 1'],
    [{maxLines: 1.5}, 'maxLines: got 1.5'],
    [{maxCueMs: NaN}, 'maxCueMs: got NaN, expected 1 or more'],
    [{pauseMs: -1}, 'pauseMs: got -1'],
  ])('%j', (options, message) => {
    expect(() => createSubtitleCues([], options)).toThrow(RangeError);
    expect(() => createSubtitleCues([], options)).toThrow(message);
  });
});
