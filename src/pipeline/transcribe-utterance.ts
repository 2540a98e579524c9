import {ctcGreedyDecode} from '../decode/ctc-greedy.ts';
import {createAcousticNetwork} from './create-acoustic-network.ts';
import type {LoadedTranscriber} from './load-transcriber.ts';
import {textOfTokens, UtteranceDecoder, type UtteranceDecoderOptions} from './utterance-decoder.ts';

/** How one recorded utterance is transcribed. */
export interface UtteranceProtocol extends UtteranceDecoderOptions {
  /** How features are made; `utterance` is as the system was published. */
  readonly frontEnd: 'utterance' | 'streaming';
  /** `greedy`: the best token of each frame, as published figures have it; `beam`: prefix beam search. */
  readonly decoding: 'greedy' | 'beam';
}

/** What was said, and what it took. */
export interface UtteranceTranscript {
  readonly text: string;
  /** Front end and network, milliseconds. */
  readonly networkMs: number;
  /** Search, milliseconds. */
  readonly decodingMs: number;
}

/**
 * Transcribes one utterance as a whole, without looking for speech in it: the protocol of published figures.
 * Worker or Node. One call at a time per transcriber.
 * @param samples −1…1, at the system's rate.
 * @throws RangeError where the system runs utterances whole and this one is too long for it.
 */
export async function transcribeUtterance(
  transcriber: LoadedTranscriber,
  samples: Float32Array,
  {frontEnd, decoding, ...options}: UtteranceProtocol,
): Promise<UtteranceTranscript> {
  const startMs = performance.now();
  const {system, words} = transcriber;
  const network = createAcousticNetwork(transcriber, frontEnd);
  network.push(samples);
  network.finish();
  const pieces: Float32Array[] = [];
  for (;;) {
    const output = await network.nextLogProbs();
    if (!output) break;
    if (output.isAnew) pieces.length = 0;
    pieces.push(output.logProbs.slice());
  }
  const decodingStartMs = performance.now();
  const logProbs = concatenate(pieces);
  const text = decoding === 'greedy' ? greedyText(logProbs) : beamText(logProbs);
  return {text, networkMs: decodingStartMs - startMs, decodingMs: performance.now() - decodingStartMs};

  function greedyText(rows: Float32Array): string {
    const {labels, blankId} = system.card;
    return textOfTokens(ctcGreedyDecode(rows, {tokenCount: labels.length, blankId}).tokens, system.card);
  }

  function beamText(rows: Float32Array): string {
    const decoder = new UtteranceDecoder(system.card, words, options);
    decoder.accept(rows);
    return decoder.final().text;
  }
}

function concatenate(pieces: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
