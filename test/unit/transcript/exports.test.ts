import {describe, expect, it} from 'vitest';
import {createSubtitleCues} from '../../../src/transcript/subtitle-cues.ts';
import {toSrt, toWebVtt} from '../../../src/transcript/subtitles.ts';
import type {TranscriptUtterance} from '../../../src/transcript/transcript.ts';
import {readTranscriptJson, toTranscriptJson} from '../../../src/transcript/transcript-json.ts';
import {toPlainText} from '../../../src/transcript/transcript-text.ts';
import {seededRandom} from '../../support/prng.ts';
import {randomTranscript, utteranceOf} from '../../support/transcripts.ts';

const word = (text: string, startTime: number, endTime: number) => ({
  text,
  startTime,
  endTime,
  confidence: 0.9,
});
const goLeft: TranscriptUtterance = utteranceOf([word('go', 120, 400), word('left', 420, 940)]);
const later: TranscriptUtterance = utteranceOf([word('stop', 3_723_004, 3_723_500.6)]);

describe('toPlainText', () => {
  it('gives a line for each utterance that has words', () => {
    const empty = {...goLeft, text: ' \n', words: []};
    expect(toPlainText([goLeft, empty, {...later, text: ' so\r\nstop '}])).toBe('go left\nso stop\n');
    expect(toPlainText([goLeft], {lineEnding: '\r\n'})).toBe('go left\r\n');
    expect(toPlainText([])).toBe('');
  });
});

describe('toSrt', () => {
  it('numbers the cues and writes hours and milliseconds with a comma', () => {
    expect(toSrt([goLeft, later])).toBe(
      '1\n00:00:00,120 --> 00:00:00,940\ngo left\n\n2\n01:02:03,004 --> 01:02:03,501\nstop\n\n',
    );
  });

  it('ends lines as asked', () => {
    expect(toSrt([goLeft], {lineEnding: '\r\n'})).toBe(
      '1\r\n00:00:00,120 --> 00:00:00,940\r\ngo left\r\n\r\n',
    );
  });

  it('writes a hundred hours and more', () => {
    const end = 100 * 3_600_000;
    expect(toSrt([utteranceOf([word('so', end, end + 1)])])).toContain('100:00:00,000 --> 100:00:00,001');
  });

  it('has no arrow but those of its times (40 seeded transcripts)', () => {
    const random = seededRandom(31);
    for (let round = 0; round < 40; round++) {
      const transcript = randomTranscript(random);
      const what = `seed ${random.seed}, round ${round}`;
      const blocks = toSrt(transcript).split('\n\n').slice(0, -1);
      expect(blocks.length, what).toBe(createSubtitleCues(transcript).length);
      blocks.forEach((block, index) => {
        const [number, times = '', ...lines] = block.split('\n');
        expect(number, what).toBe(String(index + 1));
        expect(times, what).toMatch(/^\d{2,}:[0-5]\d:[0-5]\d,\d{3} --> \d{2,}:[0-5]\d:[0-5]\d,\d{3}$/);
        expect(lines.length, what).toBeGreaterThan(0);
        expect(lines.join('\n'), what).not.toContain('-->');
      });
    }
  });
});

describe('toWebVtt', () => {
  it('has its header and writes milliseconds with a point', () => {
    expect(toWebVtt([goLeft])).toBe('WEBVTT\n\n00:00:00.120 --> 00:00:00.940\ngo left\n\n');
    expect(toWebVtt([])).toBe('WEBVTT\n\n');
  });

  it('escapes what would be markup or an arrow', () => {
    const awkward = utteranceOf([word('<i>&-->', 0, 100)]);
    expect(toWebVtt([awkward])).toContain('\n&lt;i&gt;&amp;--&gt;\n');
  });

  it('gives back the lines of its cues (40 seeded transcripts)', () => {
    const random = seededRandom(37);
    const unescape = (text: string): string =>
      text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
    for (let round = 0; round < 40; round++) {
      const transcript = randomTranscript(random);
      const [header, ...blocks] = toWebVtt(transcript, {lineEnding: '\r\n'}).split('\r\n\r\n').slice(0, -1);
      const lines = blocks.map((block) => block.split('\r\n').slice(1).map(unescape));
      const what = `seed ${random.seed}, round ${round}`;
      expect(header, what).toBe('WEBVTT');
      expect(lines, what).toEqual(createSubtitleCues(transcript).map((cue) => cue.lines));
    }
  });
});

describe('the JSON of a transcript', () => {
  it('is what its documentation says', () => {
    expect(JSON.parse(toTranscriptJson([goLeft]))).toEqual({
      format: 'earshot-transcript',
      version: 1,
      timeUnit: 'ms',
      utterances: [goLeft],
    });
  });

  it('is read back as it was (40 seeded transcripts)', () => {
    const random = seededRandom(41);
    for (let round = 0; round < 40; round++) {
      const transcript = randomTranscript(random);
      expect(readTranscriptJson(toTranscriptJson(transcript)), `seed ${random.seed}`).toEqual(transcript);
    }
  });

  it('leaves out what an object has besides', () => {
    const more = {...goLeft, isTrusted: false, words: [{...word('go', 120, 400), token: 7}]};
    expect(toTranscriptJson([more])).not.toMatch(/isTrusted|token/);
  });

  it.each([
    ['{', SyntaxError, /JSON/],
    ['[]', TypeError, /the file: got an array, expected an object/],
    ['{"format":"other"}', TypeError, /got \["other",null,null\], expected \["earshot-transcript",1,"ms"\]/],
    [file('null'), TypeError, /utterances: got null, expected an array/],
    [file('[7]'), TypeError, /utterance 0: got number, expected an object/],
    [
      file('[{"text":"a","startTime":0,"endTime":1,"confidence":1}]'),
      TypeError,
      /utterance 0, words: got undefined/,
    ],
    [file('[{"startTime":0,"endTime":1,"confidence":1,"words":[]}]'), TypeError, /a text of undefined/],
    [
      file('[{"text":"a","startTime":"0","endTime":1,"confidence":1,"words":[]}]'),
      RangeError,
      /got NaN to 1 ms/,
    ],
  ])('refuses %s', (text, kind, message) => {
    expect(() => readTranscriptJson(text)).toThrow(kind);
    expect(() => readTranscriptJson(text)).toThrow(message);
  });

  it('refuses or reads what a seeded change made of it, and fails in no other way', () => {
    const text = toTranscriptJson([goLeft, later]);
    const random = seededRandom(43);
    for (let change = 0; change < 300; change++) {
      const at = random.integer(0, text.length - 1);
      const changed =
        text.slice(0, at) + random.pick(['', '-', '9', '"', '{', 'e', ',']) + text.slice(at + 1);
      try {
        expect(readTranscriptJson(changed)).toBeInstanceOf(Array);
      } catch (error) {
        const isOurs =
          error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError;
        expect(
          isOurs && !/undefined \(reading|not a function/.test(error.message),
          `${String(error)}, byte ${at}`,
        ).toBe(true);
      }
    }
  });
});

function file(utterances: string): string {
  return `{"format":"earshot-transcript","version":1,"timeUnit":"ms","utterances":${utterances}}`;
}

describe('every export refuses', () => {
  it.each<[string, Partial<TranscriptUtterance>, RegExp]>([
    ['a negative time', {startTime: -1}, /utterance 0: got -1 to 940 ms/],
    ['a time that is no number', {endTime: NaN}, /utterance 0: got 120 to NaN ms/],
    ['an endless time', {endTime: Infinity}, /to Infinity ms/],
    ['an end before the start', {endTime: 100}, /got 120 to 100 ms, expected .* an end not before it/],
    ['a confidence above 1', {confidence: 1.1}, /got a confidence of 1.1, expected 0 to 1/],
    [
      'words out of order',
      {words: [word('b', 5, 6), word('a', 4, 5)]},
      /word 1: got a start at 4 ms, expected 5 or/,
    ],
    ['a word without time', {words: [word('b', NaN, 6)]}, /utterance 0, word 0: got NaN to 6 ms/],
  ])('%s', (_, change, message) => {
    for (const write of [toPlainText, toSrt, toWebVtt, toTranscriptJson]) {
      expect(() => write([{...goLeft, ...change}])).toThrow(RangeError);
      expect(() => write([{...goLeft, ...change}])).toThrow(message);
    }
  });

  it('utterances out of order, and a text that is none', () => {
    expect(() => toSrt([later, goLeft])).toThrow(
      /utterance 1: got a start at 120 ms, expected 3723004 or later/,
    );
    const untexted = {...goLeft, text: undefined as unknown as string};
    expect(() => toPlainText([untexted])).toThrow(TypeError);
  });
});
