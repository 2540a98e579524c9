import {describe, expect, it, test} from 'vitest';
import {SPEECH_BAND_COUNT} from '../../../src/decode/speech-cues.ts';
import {SpeechGate, type SpeechGateOptions} from '../../../src/decode/speech-gate.ts';
import {applyLogMel, createLogMel} from '../../../src/features/log-mel.ts';
import {SPEECH_GATE_LOG_MEL} from '../../../src/features/speech-gate-front-end.ts';
import {Framer} from '../../../src/frames/framer.ts';
import {seededRandom} from '../../support/prng.ts';
import {readMono} from '../../support/recordings.ts';
import {repositoryPath} from '../../support/repository.ts';
import {createTones} from '../../support/tones.ts';
import {concatenate, silence} from '../../support/wav.ts';

const RATE_HZ = 16_000;
const SEED = 17;
const {windowLength, hopLength} = SPEECH_GATE_LOG_MEL;

/** Synthetic words, trimmed to their sound: test/fixtures/speech/README.md. */
const words = ['yes', 'no', 'left', 'right', 'on', 'off', 'stop', 'go'].map((word) =>
  trim(readMono(repositoryPath(`test/fixtures/speech/${word}.wav`))),
);

function trim(samples: Float32Array): Float32Array {
  const isLoud = (sample: number): boolean => Math.abs(sample) > 0.02;
  return samples.slice(samples.findIndex(isLoud), samples.findLastIndex(isLoud) + 1);
}

/** What the gate said of each frame. */
interface Heard {
  readonly isOpen: readonly boolean[];
  readonly isSpeech: readonly boolean[];
  readonly probabilities: readonly number[];
}

/** Listens to samples that come in pieces of these lengths, by turns. */
function listen(samples: Float32Array, options: SpeechGateOptions = {}, pieceLengths = [4000]): Heard {
  const gate = new SpeechGate(options);
  const plan = createLogMel(SPEECH_GATE_LOG_MEL);
  const framer = new Framer({windowLength, hopLength, capacitySamples: 8000});
  const frame = new Float32Array(windowLength);
  const row = new Float32Array(SPEECH_BAND_COUNT);
  const heard = {isOpen: [] as boolean[], isSpeech: [] as boolean[], probabilities: [] as number[]};
  for (let start = 0, turn = 0; start < samples.length; turn++) {
    const length = pieceLengths[turn % pieceLengths.length] ?? 1;
    start += framer.push(samples, start, Math.min(length, samples.length - start));
    while (framer.nextFrameInto(frame)) {
      applyLogMel(plan, frame, row);
      heard.isOpen.push(gate.push(row));
      heard.isSpeech.push(gate.isSpeech);
      heard.probabilities.push(gate.speechProbability);
    }
  }
  return heard;
}

test('the hangover is no speech, but for it the gate is open', () => {
  const {isOpen, isSpeech} = listen(concatenate([silence(2000, RATE_HZ), ...words, silence(1000, RATE_HZ)]));
  expect(isOpen.lastIndexOf(true) - isSpeech.lastIndexOf(true)).toBe(15);
  isSpeech.forEach((is, frame) => {
    if (is) expect(isOpen[frame]).toBe(true);
  });
});

const shareOf = (flags: readonly boolean[]): number => flags.filter(Boolean).length / flags.length;

function whiteNoise(seconds: number, level: number): Float32Array {
  const random = seededRandom(SEED);
  return Float32Array.from({length: seconds * RATE_HZ}, () => level * random.gaussian());
}

/** 2 s of quiet, then a word every second and a half, in noise so many decibels below the words. */
function speechInNoise(snrDb: number): {
  samples: Float32Array;
  spans: readonly (readonly [number, number])[];
} {
  const spans: (readonly [number, number])[] = [];
  const pieces = [silence(2000, RATE_HZ)];
  let position = 2 * RATE_HZ;
  for (const word of words) {
    const padding = new Float32Array(1.5 * RATE_HZ - word.length);
    spans.push([
      Math.ceil(position / hopLength),
      Math.floor((position + word.length - windowLength) / hopLength),
    ]);
    pieces.push(word, padding);
    position += 1.5 * RATE_HZ;
  }
  const spoken = concatenate(words);
  const level = Math.sqrt(spoken.reduce((sum, sample) => sum + sample * sample, 0) / spoken.length);
  const noise = whiteNoise(14, level * 10 ** (-snrDb / 20));
  return {samples: concatenate(pieces).map((sample, index) => sample + (noise[index] ?? 0)), spans};
}

describe('the speech gate', () => {
  it.each([
    [30, 0.85],
    [20, 0.85],
    [10, 0.75],
    [5, 0.6],
  ])('opens for every word in white noise at %i dB, and closes between them', (snrDb, least) => {
    const {samples, spans} = speechInNoise(snrDb);
    const {isOpen} = listen(samples);
    const shares = spans.map(([first, end]) => shareOf(isOpen.slice(first, end)));
    expect(Math.min(...shares)).toBeGreaterThan(0.3);
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThan(least);
    // the last 400 ms before the next word: long after the hangover
    spans
      .slice(1)
      .forEach(([first]) => expect(shareOf(isOpen.slice(first - 42, first - 2))).toBeLessThan(0.1));
  });

  it.each([1e-4, 1e-2, 0.3])('stays closed in a minute of steady noise of level %f', (level) => {
    expect(shareOf(listen(whiteNoise(60, level)).isOpen)).toBeLessThan(0.005);
  });

  it('stays closed in silence, and does not open for the faint noise of a converter', () => {
    expect(shareOf(listen(new Float32Array(5 * RATE_HZ)).isOpen)).toBe(0);
    const dithered = whiteNoise(10, 3e-5);
    expect(shareOf(listen(dithered).isOpen)).toBe(0);
  });

  it('closes again within two seconds when noise begins or becomes louder', () => {
    const louder = concatenate([whiteNoise(3, 1e-3), whiteNoise(5, 3e-2)]);
    expect(shareOf(listen(louder).isOpen.slice(500))).toBe(0);
  });

  it('does not stay open for a tone that is held', () => {
    const tone = Float32Array.from({length: 10 * RATE_HZ}, (_, index) => 0.2 * Math.sin(index / 5));
    const noise = whiteNoise(10, 1e-3);
    const {isOpen} = listen(
      tone.map((sample, index) => (index < RATE_HZ ? 0 : sample) + (noise[index] ?? 0)),
    );
    expect(shareOf(isOpen.slice(250))).toBe(0);
  });

  it.each([
    ['tones', 0.1],
    ['chords', 0.45],
    ['melody', 0.2],
  ] as const)('is mostly closed in half a minute of %s', (kind, most) => {
    const {isOpen} = listen(createTones(kind, 30, RATE_HZ, seededRandom(SEED)));
    expect(shareOf(isOpen)).toBeLessThan(most);
    expect(longestRun(isOpen)).toBeLessThan(500);
  });

  it('says the same however the audio is cut', () => {
    const {samples} = speechInNoise(20);
    const whole = listen(samples);
    expect(whole.isOpen.includes(true)).toBe(true);
    expect(listen(samples, {}, [160])).toEqual(whole);
    expect(listen(samples, {}, [37, 1, 4001, 592])).toEqual(whole);
  });

  it('forgets what it heard at a reset', () => {
    const gate = new SpeechGate();
    const rows = seededRandom(SEED);
    const next = (): Float32Array =>
      Float32Array.from({length: SPEECH_BAND_COUNT}, () => rows.between(-10, 0));
    for (let frame = 0; frame < 300; frame++) gate.push(next());
    gate.reset();
    expect([gate.isOpen, gate.speechProbability]).toEqual([false, 0]);
    const fresh = new SpeechGate();
    for (let frame = 0; frame < 100; frame++) {
      const row = next();
      expect([gate.push(row), gate.speechProbability]).toEqual([fresh.push(row), fresh.speechProbability]);
    }
  });
});

function longestRun(flags: readonly boolean[]): number {
  let longest = 0;
  let run = 0;
  for (const flag of flags) {
    run = flag ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

describe('its thresholds', () => {
  const {samples} = speechInNoise(20);

  it('open it later where they are higher, and never where they are not reached', () => {
    const open = (options: SpeechGateOptions): number => shareOf(listen(samples, options).isOpen);
    expect(open({enterThreshold: 0.95})).toBeLessThan(open({enterThreshold: 0.3}));
    expect(open({exitThreshold: 0.1})).toBeGreaterThan(open({exitThreshold: 0.6}));
    expect(open({enterThreshold: 1})).toBe(0);
  });

  it('keep it open for the hangover and no longer', () => {
    const at = {enterThreshold: 0.6, exitThreshold: 0.6};
    const short = listen(samples, {...at, hangoverMs: 0});
    const long = listen(samples, {...at, hangoverMs: 100});
    short.isOpen.forEach((isOpen, frame) => {
      const isRecent = short.isOpen.slice(Math.max(0, frame - 10), frame + 1).includes(true);
      expect([isOpen, long.isOpen[frame]]).toEqual([(short.probabilities[frame] ?? 0) >= 0.6, isRecent]);
    });
  });

  it.each<[SpeechGateOptions, string]>([
    [{enterThreshold: 0}, 'enterThreshold: got 0, expected a number above 0, at most 1'],
    [
      {enterThreshold: 0.5, exitThreshold: 0.6},
      'exitThreshold: got 0.6, expected a number above 0, at most enterTh',
    ],
    [{exitThreshold: NaN}, 'exitThreshold: got NaN'],
    [{hangoverMs: -1}, 'hangoverMs: got -1, expected 0 or more'],
  ])('refuse %j', (options, message) => {
    expect(() => new SpeechGate(options)).toThrow(RangeError);
    expect(() => new SpeechGate(options)).toThrow(message);
  });
});
