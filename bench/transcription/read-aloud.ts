import type {LoadedTranscriber} from '../../src/pipeline/load-transcriber.ts';
import {seededRandom} from '../../test/support/prng.ts';
import {concatenateWithSilence, writeWav} from '../../test/support/wav.ts';
import {RATE_HZ} from '../speech-material.ts';
import {median} from '../statistics.ts';
import {alignWords} from './align-words.ts';
import {hear, type HeardText} from './hear.ts';
import {hearInElement, type HeardInElement} from './hear-in-element.ts';
import {spanOfSpeech} from './material.ts';
import type {ReadClip} from './read-clips.ts';
import {measureWordLatencies, type SpokenWord, type WordLatency} from './word-latency.ts';

const SEED = 20_28;
/** Finals whose utterances begin no further apart are of one utterance, heard by the page and by Node. */
const SAME_UTTERANCE_MS = 1000;

/** How clips become a recording. */
export interface Layout {
  readonly pauseMs: number;
  /** Noise of the room, RMS relative to full scale; −Infinity for pauses of digital silence. */
  readonly roomDb: number;
}

/** Latencies of a recording, milliseconds. */
export interface Latencies {
  /** Of the words that the last text has. */
  readonly words: readonly WordLatency[];
  /** From the end of speech before each pause to the final; NaN where none came. */
  readonly finals: readonly number[];
}

/** A recording that is to be heard, and what is known of it. */
export interface ReadAloud {
  readonly samples: Float32Array; // at RATE_HZ
  /** In order, milliseconds from its first sample. */
  readonly clips: readonly {
    readonly startMs: number;
    /** End of speech, by energy. */
    readonly endMs: number;
    readonly words: readonly SpokenWord[];
  }[];
  /** What Node tells of it, computing as if it took no time. */
  readonly texts: readonly HeardText[];
}

/** Lays out clips with pauses between them and finds where their words end; leaves out those that cannot be aligned. */
export async function prepareRecording(
  transcriber: LoadedTranscriber,
  clips: readonly ReadClip[],
  {pauseMs, roomDb}: Layout,
): Promise<ReadAloud> {
  const taken: {readonly samples: Float32Array; readonly words: readonly SpokenWord[]}[] = [];
  for (const {samples, text} of clips) {
    const words = await alignWords(transcriber, samples, text);
    if (words) taken.push({samples, words});
  }
  const {samples, clipStarts} = concatenateWithSilence(
    taken.map(({samples: own}) => own),
    pauseMs,
    RATE_HZ,
  );
  addRoom(samples, roomDb);
  return {
    samples,
    clips: taken.map(({samples: own, words}, index) => {
      const startMs = (1000 * (clipStarts[index] ?? NaN)) / RATE_HZ;
      return {
        startMs,
        endMs: startMs + spanOfSpeech(own).endMs,
        words: words.map((word) => ({
          text: word.text,
          startMs: startMs + word.startMs,
          endMs: startMs + word.endMs,
        })),
      };
    }),
    texts: await hear(transcriber, samples),
  };
}

/** White noise over all of it, seeded. */
function addRoom(samples: Float32Array, roomDb: number): void {
  const random = seededRandom(SEED);
  const peak = Math.sqrt(3) * 10 ** (roomDb / 20); // of noise that is evenly spread
  for (let index = 0; index < samples.length; index++) {
    samples[index] = (samples[index] ?? 0) + random.between(-peak, peak);
  }
}

/**
 * Has Chromium listen to a recording.
 * @param wavPath where the microphone's file may be written.
 */
export async function listenTo({samples}: ReadAloud, wavPath: string): Promise<HeardInElement> {
  writeWav(wavPath, samples, RATE_HZ);
  return await hearInElement(wavPath, (1000 * samples.length) / RATE_HZ);
}

/**
 * Brings what a page showed onto the clock of the recording. When a sample was captured follows from the level that is
 * told for each buffer once it is full; of all buffers the one that took least counts. How much was captured before the
 * recording began follows from where its utterances begin in the page and in Node, by the same speech gate: the median of
 * the differences, to 10 ms.
 */
export function onRecordingClock(
  {texts, firstSampleMs}: Pick<HeardInElement, 'texts' | 'firstSampleMs'>,
  {texts: known}: Pick<ReadAloud, 'texts'>,
): readonly HeardText[] {
  const startsOf = (of: readonly HeardText[]): readonly number[] =>
    of.filter(({kind}) => kind === 'final').map(({startMs}) => startMs);
  const offsets = startsOf(texts).flatMap((own) => startsOf(known).map((startMs) => startMs - own));
  const offsetMs = median(offsets.filter((offset) => Math.abs(offset) < SAME_UTTERANCE_MS));
  return texts.map(({kind, text, ms, startMs}) => ({
    kind,
    text,
    ms: ms - firstSampleMs + offsetMs,
    startMs: startMs + offsetMs,
  }));
}

/**
 * The texts of each clip: a text belongs to the clip during which its utterance began, or in the pause before which.
 * @param texts on the recording's clock, in order.
 */
export function textsOfClips(
  {clips}: Pick<ReadAloud, 'clips'>,
  texts: readonly HeardText[],
  {pauseMs}: Pick<Layout, 'pauseMs'>,
): readonly (readonly HeardText[])[] {
  return clips.map(({startMs}, index) => {
    const nextMs = clips[index + 1]?.startMs ?? Infinity;
    return texts.filter(
      (text) => text.startMs >= startMs - pauseMs / 2 && text.startMs < nextMs - pauseMs / 2,
    );
  });
}

/** Latencies of all words and of the finals before pauses, by the texts of each clip. */
export function measureLatencies(
  {clips}: Pick<ReadAloud, 'clips'>,
  texts: readonly (readonly HeardText[])[],
): Latencies {
  return {
    words: clips.flatMap(({words}, index) => measureWordLatencies(words, texts[index] ?? [])),
    finals: clips.map(({endMs}, index) => {
      const final = texts[index]?.findLast(({kind}) => kind === 'final');
      return (final?.ms ?? NaN) - endMs;
    }),
  };
}
