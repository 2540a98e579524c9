import type {TranscriptUtterance, TranscriptWord} from '../../src/transcript/transcript.ts';
import type {SeededRandom} from './prng.ts';

/** Pieces of text that a format could stumble over. */
const AWKWARD = [
  '&',
  '<b>',
  '-->',
  '--->',
  '<',
  '>',
  '&amp;',
  'WEBVTT',
  'NOTE',
  '1',
  'naïve',
  '語',
  '👩‍🚀',
  '\u2028',
  '\u0000',
  'a\nb',
  '\r\n',
  '',
];

/** A transcript of words with seeded texts, times and pauses, awkward ones among them. */
export function randomTranscript(random: SeededRandom): readonly TranscriptUtterance[] {
  let time = random.pick([0, 0, 3_599_000, 360_000_000]);
  return Array.from({length: random.integer(0, 6)}, () => {
    const words = Array.from({length: random.integer(0, 40)}, () => {
      const startTime = time + random.pick([0, 0, 20.5, 300, 1200]);
      const endTime = startTime + random.pick([0, 80, 333.333, 9000]);
      time = random.pick([startTime, endTime, endTime]);
      return {text: randomWord(random), startTime, endTime, confidence: random.next()};
    });
    const utterance = utteranceOf(words, time);
    time = utterance.endTime;
    return utterance;
  });
}

/** The utterance that has these words; one of a second at `time` where there are none. */
export function utteranceOf(words: readonly TranscriptWord[], time = 0): TranscriptUtterance {
  return {
    text: words.length > 0 ? words.map(({text}) => text).join(' ') : 'no words here',
    words,
    startTime: words[0]?.startTime ?? time,
    endTime: words.length > 0 ? Math.max(...words.map(({endTime}) => endTime)) : time + 1000,
    confidence: 0.5,
  };
}

function randomWord(random: SeededRandom): string {
  if (random.next() < 0.2) return random.pick(AWKWARD);
  return 'abcdefghij'.repeat(10).slice(0, random.pick([1, 3, 5, 8, 13, 42, 43, 90]));
}
