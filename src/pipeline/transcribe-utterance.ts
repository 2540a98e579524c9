import {createAcousticNetwork} from './create-acoustic-network.ts';
import type {LoadedTranscriber} from './load-transcriber.ts';
import {TaskBreaks} from './task-breaks.ts';
import {UtteranceDecoder, type UtteranceDecoderOptions} from './utterance-decoder.ts';
import {wordSpansOf, type WordSpan} from './word-spans.ts';

/** How one recorded utterance is transcribed. */
export interface UtteranceProtocol extends UtteranceDecoderOptions {
  /** How features are made; `utterance` is as the system was published. */
  readonly features: 'utterance' | 'streaming';
  readonly decoding: 'greedy' | 'beam';
}

/** What was said, and what it took. */
export interface UtteranceTranscript {
  /** Empty where nothing was. */
  readonly text: string;
  /** From the utterance's first sample. */
  readonly words: readonly WordSpan[];
  readonly confidence: number; // 0…1; NaN where there are no words
  readonly runCount: number; // of the network
  /** Front end and network, milliseconds. */
  readonly networkMs: number;
  /** Search, milliseconds. */
  readonly decodingMs: number;
}

/**
 * Transcribes one utterance as a whole, without looking for speech in it: the protocol of published figures.
 * Worker or Node. One call at a time per transcriber.
 * @param samples −1…1, at the system's rate.
 * @param signal asked between runs of the network; where there is one, the thread takes its messages meanwhile.
 * @throws RangeError where the system runs utterances whole and this one is too long for it; the signal's reason.
 */
export async function transcribeUtterance(
  transcriber: LoadedTranscriber,
  samples: Float32Array,
  {features, ...options}: UtteranceProtocol,
  signal?: AbortSignal,
): Promise<UtteranceTranscript> {
  const {system, tokens, words: knowledge} = transcriber;
  const decoder = new UtteranceDecoder(tokens, knowledge, {...system.card.defaults.search, ...options});
  const breaks = new TaskBreaks(() => performance.now());
  const startMs = performance.now();
  const network = createAcousticNetwork(transcriber, features);
  network.push(samples);
  network.finish();
  let pieces: Float32Array[] = [];
  let runCount = 0;
  for (;;) {
    const output = await network.nextLogProbs();
    if (!output) break;
    if (output.isAnew) pieces = [];
    pieces.push(output.logProbs.slice());
    runCount++;
    if (!signal) continue;
    await breaks.giveWay();
    signal.throwIfAborted();
  }
  const decodingStartMs = performance.now();
  for (const logProbs of pieces) decoder.accept(logProbs);
  const {text, words, confidence} = decoder.final();
  return {
    text,
    words: wordSpansOf(words, 0, network.frameSamples),
    confidence,
    runCount,
    networkMs: decodingStartMs - startMs,
    decodingMs: performance.now() - decodingStartMs,
  };
}
