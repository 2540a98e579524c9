import {describe, expect, it} from 'vitest';
import type {LoadedTranscriber} from '../../../src/pipeline/load-transcriber.ts';
import {
  TranscribePipeline,
  type TranscribePipelineOptions,
} from '../../../src/pipeline/transcribe-pipeline.ts';
import type {PartialText} from '../../../src/pipeline/utterance-text.ts';
import type {TranscribedSpan} from '../../../src/pipeline/utterance-transcriber.ts';
import {
  fakeRecurrentModel,
  fakeRecurrentSystem,
  fakeWholeUtteranceModel,
  fakeWholeUtteranceSystem,
  outputCountOf,
} from '../../support/fake-sequence-systems.ts';
import {
  FAKE_LABELS,
  fakeTranscriptionModel,
  fakeTranscriptionSystem,
} from '../../support/fake-transcription-system.ts';
import {readMono} from '../../support/recordings.ts';
import {repositoryPath} from '../../support/repository.ts';
import {concatenate, silence} from '../../support/wav.ts';

const RATE = 16_000;
const MAX_CHUNK = 4096;

/** Hears an "a" wherever it is loud. */
const loudIsA: LoadedTranscriber = {
  system: fakeTranscriptionSystem,
  model: fakeTranscriptionModel((rows) =>
    Float32Array.from({length: 20 * FAKE_LABELS.length}, (_, index) => {
      const isLoud = (rows[2 * Math.floor(index / FAKE_LABELS.length)] ?? 0) > 0.05;
      const token = index % FAKE_LABELS.length;
      return token === (isLoud ? 0 : 3) ? 10 : 0;
    }),
  ),
  tokens: fakeTranscriptionSystem.card,
  words: undefined,
};

type Told = {
  readonly kind: string;
  readonly at: number;
  readonly text?: string;
  readonly stableLength?: number;
};

function setUp(
  options: Partial<TranscribePipelineOptions> = {},
  transcriber = loudIsA,
  {wantsPartials = true} = {},
) {
  const told: Told[] = [];
  const finals: TranscribedSpan[] = [];
  const pipeline = new TranscribePipeline(
    transcriber,
    {
      onSpeechStart: (at) => told.push({kind: 'speech-start', at}),
      onSpeechEnd: (at) => told.push({kind: 'speech-end', at}),
      ...(wantsPartials && {
        onPartial: (partial: PartialText, at: number) => told.push({kind: 'partial', at, ...partial}),
      }),
      onFinal: (utterance) => {
        finals.push(utterance);
        told.push({kind: 'final', at: utterance.startSample, text: utterance.text});
      },
    },
    {inputRateHz: RATE, clock: () => performance.now(), ...options},
  );
  const hear = async (samples: Float32Array, pieceLength = 160, firstSample = 0): Promise<void> => {
    for (let start = 0; start < samples.length; start += pieceLength) {
      const piece = samples.subarray(start, start + pieceLength);
      const chunk = {samples: piece, stride: piece.length, channelCount: 1, sampleCount: piece.length};
      pipeline.accept(chunk, firstSample + start);
      await pipeline.drain();
    }
  };
  return {pipeline, told, finals, hear};
}

const word = readMono(repositoryPath('test/fixtures/speech/left.wav'));
const twoWords = concatenate([silence(1000, RATE), word, silence(1500, RATE), word, silence(1500, RATE)]);

describe('two words with a pause between them', () => {
  it('are two utterances, each told while it lasts and for good', async () => {
    const {told, finals, hear} = setUp();
    await hear(twoWords);
    expect(told.map(({kind}) => kind).filter((kind) => kind !== 'partial')).toEqual([
      'speech-start',
      'speech-end',
      'final',
      'speech-start',
      'speech-end',
      'final',
    ]);
    const [first, second] = finals;
    const secondWordAt = RATE + word.length + 1.5 * RATE;
    expect(first?.startSample).toBeGreaterThan(RATE - 0.5 * RATE);
    expect(first?.endSample).toBeLessThan(secondWordAt);
    expect(second?.startSample).toBeGreaterThan(secondWordAt - 0.5 * RATE);
    expect(first?.words.length).toBeGreaterThan(0);
    for (const {words, startSample, endSample} of finals) {
      for (const {startSample: start, endSample: end, confidence} of words) {
        expect(start).toBeGreaterThanOrEqual(startSample);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(endSample + 0.5 * RATE);
        expect(confidence).toBeGreaterThan(0.9);
      }
    }
  });

  it('are heard alike however the audio is cut', async () => {
    const expected = setUp();
    await expected.hear(twoWords, 160);
    for (const pieceLength of [592, 37, MAX_CHUNK]) {
      const {told, hear} = setUp();
      await hear(twoWords, pieceLength);
      expect(told).toEqual(expected.told);
    }
  });
});

describe('stop', () => {
  it('writes down what was being said', async () => {
    const {pipeline, finals, hear} = setUp();
    await hear(concatenate([silence(1000, RATE), word]));
    expect(finals).toEqual([]);
    await pipeline.stop();
    expect(finals).toHaveLength(1);
    await pipeline.stop();
    expect(finals).toHaveLength(1);
  });

  it('after which nothing more is told', async () => {
    const {pipeline, told, hear} = setUp();
    await pipeline.stop();
    await hear(twoWords);
    expect(told).toEqual([]);
  });
});

it('abort tells nothing more of the utterance under way', async () => {
  const {pipeline, finals, hear} = setUp();
  await hear(concatenate([silence(1000, RATE), word]));
  await pipeline.abort();
  expect(finals).toEqual([]);
});

it('ends the utterance where audio is missing, and counts what is', async () => {
  const {pipeline, finals, hear} = setUp();
  const start = concatenate([silence(1000, RATE), word]);
  await hear(start);
  await hear(twoWords, 160, start.length + RATE);
  expect(pipeline.stats.overrunSamples).toBe(RATE);
  expect(finals).toHaveLength(3);
  expect(finals[0]?.endSample).toBeLessThanOrEqual(start.length);
  expect(finals[1]?.startSample).toBeGreaterThanOrEqual(start.length + RATE);
});

it('cuts what has no pause, and goes on without a gap', async () => {
  const {told, finals, hear} = setUp({maxUtteranceMs: 2000});
  await hear(concatenate([silence(1000, RATE), word, word, word, word, word, word, silence(1000, RATE)]));
  expect(told.filter(({kind}) => kind === 'speech-start')).toHaveLength(1);
  expect(finals.length).toBeGreaterThan(1);
  finals.slice(1).forEach(({startSample, words}, index) => {
    const before = finals[index];
    expect(startSample).toBe(before?.endSample);
    // no word is in both
    expect(words[0]?.startSample).toBeGreaterThanOrEqual(startSample);
    expect(before?.words.at(-1)?.endSample).toBeLessThanOrEqual(startSample + 320);
  });
});

it('rejects the drain where the engine fails, and stops', async () => {
  const broken = fakeTranscriptionModel(() => {
    throw new Error('the engine broke');
  });
  const {pipeline, finals, hear} = setUp({}, {...loudIsA, model: broken});
  await expect(hear(twoWords)).rejects.toThrow('the engine broke');
  await pipeline.stop();
  expect(finals).toEqual([]);
});

describe('a network that must see an utterance whole', () => {
  const {wholeUtterancePlan} = fakeWholeUtteranceSystem;
  const {windowFrames} = wholeUtterancePlan.partial;

  /** Hears an "a" wherever it is loud in a preview, a "b" in the whole utterance. */
  const whole: LoadedTranscriber = {
    system: fakeWholeUtteranceSystem,
    model: fakeWholeUtteranceModel((rows) => {
      const heard = rows.length === windowFrames ? 0 : 1;
      const logits = new Float32Array(outputCountOf(rows.length, wholeUtterancePlan) * FAKE_LABELS.length);
      return logits.map((_, index) => {
        const isLoud = (rows[2 * Math.floor(index / FAKE_LABELS.length)] ?? 0) > -0.3;
        return index % FAKE_LABELS.length === (isLoud ? heard : 3) ? 10 : 0;
      });
    }),
    tokens: fakeWholeUtteranceSystem.card,
    words: undefined,
  };

  it('tells partials of which nothing is said to stand, and finals that are searched anew', async () => {
    const {told, finals, hear} = setUp({}, whole);
    await hear(twoWords);
    const partials = told.filter(({kind}) => kind === 'partial');
    expect(partials.length).toBeGreaterThan(1);
    for (const {text, stableLength} of partials) {
      expect(text).toMatch(/^a+$/);
      expect(stableLength).toBe(0);
    }
    expect(finals).toHaveLength(2);
    for (const {text} of finals) expect(text).toMatch(/^b+$/);
  });

  it('is run for finals only where nobody wants partials, which are the same', async () => {
    const [withPartials, without] = [setUp({}, whole), setUp({}, whole, {wantsPartials: false})];
    for (const {hear} of [withPartials, without]) await hear(twoWords);
    expect(without.finals).toEqual(withPartials.finals);
    expect(without.pipeline.stats.inferenceCount).toBe(2);
    expect(withPartials.pipeline.stats.inferenceCount).toBeGreaterThan(2);
  });

  it('has no partials where features are asked for that need the whole utterance', async () => {
    const [asEver, ended] = [setUp({}, whole), setUp({features: 'utterance'}, whole)];
    for (const {hear} of [asEver, ended]) await hear(twoWords);
    expect(ended.told.filter(({kind}) => kind === 'partial')).toEqual([]);
    expect(ended.finals).toEqual(asEver.finals);
  });

  it('hears the same however the audio is cut', async () => {
    const expected = setUp({}, whole);
    await expected.hear(twoWords, 160);
    for (const pieceLength of [592, 37, MAX_CHUNK]) {
      const {finals, hear} = setUp({}, whole);
      await hear(twoWords, pieceLength);
      expect(finals).toEqual(expected.finals);
    }
  });

  it('cuts what is longer than it can run, and goes on without a gap', async () => {
    const {finals, hear} = setUp({}, whole);
    const said = concatenate([
      silence(1000, RATE),
      ...Array.from({length: 12}, () => word),
      silence(1000, RATE),
    ]);
    await hear(said);
    expect(finals.length).toBeGreaterThan(2);
    finals.slice(1).forEach(({startSample}, index) => expect(startSample).toBe(finals[index]?.endSample));
  });

  it('refuses to be asked for longer utterances than it can run', () => {
    expect(() => setUp({maxUtteranceMs: 4001}, whole)).toThrow(
      new RangeError('maxUtteranceMs: got 4001, expected at most 4000: fake runs utterances whole'),
    );
  });
});

it('runs a network with states alike however the audio is cut', async () => {
  const recurrent = {
    system: fakeRecurrentSystem,
    model: fakeRecurrentModel(),
    tokens: fakeRecurrentSystem.card,
    words: undefined,
  };
  const expected = setUp({}, recurrent);
  await expected.hear(twoWords, 160);
  expect(expected.finals).toHaveLength(2);
  const {told, hear} = setUp({}, recurrent);
  await hear(twoWords, 37);
  expect(told).toEqual(expected.told);
});
