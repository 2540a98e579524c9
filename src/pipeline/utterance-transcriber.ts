import type {HeardWords} from '../decode/endpointer.ts';
import {RowQueue} from '../features/row-queue.ts';
import type {TranscriptionSystem} from '../systems/transcription-system.ts';
import type {AcousticNetwork} from './acoustic-network.ts';
import {createAcousticNetwork} from './create-acoustic-network.ts';
import type {LoadedTranscriber} from './load-transcriber.ts';
import {UtteranceDecoder, type UtteranceDecoderOptions} from './utterance-decoder.ts';
import type {PartialText} from './utterance-text.ts';
import {wordSpansOf, type WordSpan} from './word-spans.ts';

/** Without a token for so long, nobody speaks: stops and long vowels are shorter. */
const PAUSE_MS = 150;

/** An utterance for good; sample indices at the system's rate. */
export interface TranscribedSpan {
  readonly text: string;
  readonly words: readonly WordSpan[];
  readonly confidence: number; // 0…1
  readonly startSample: number;
  readonly endSample: number;
}

/** How utterances are written down. */
export interface UtteranceTranscriberOptions extends UtteranceDecoderOptions {
  /** Whether their text is wanted before they have ended. Finals are the same either way. */
  readonly wantsPartials: boolean;
  /** How features are made, default `streaming`; see {@link createAcousticNetwork}. */
  readonly features?: 'streaming' | 'utterance';
}

/**
 * Writes down one utterance after the other, each while it lasts: network and search side by side, with the places of
 * the words on the stream's timeline. Worker or Node. One call at a time.
 */
export class UtteranceTranscriber {
  readonly #system: TranscriptionSystem;
  readonly #tokenCount: number;
  readonly #network: AcousticNetwork;
  readonly #decoder: UtteranceDecoder;
  readonly #heard: RowQueue; // log-probabilities of the utterance, in case it is cut
  #startSample = 0;
  #windowCount = 0;

  /** Throws as {@link createAcousticNetwork} and {@link UtteranceDecoder}. */
  constructor(
    transcriber: LoadedTranscriber,
    {wantsPartials, features = 'streaming', ...options}: UtteranceTranscriberOptions,
  ) {
    const {system, tokens, words} = transcriber;
    this.#system = system;
    this.#tokenCount = tokens.labels.length;
    this.#heard = new RowQueue(this.#tokenCount);
    // previews cost as much as the utterance itself, or more
    const isForFinals = system.kind === 'whole-utterance' && !wantsPartials;
    this.#network = createAcousticNetwork(transcriber, isForFinals ? 'utterance' : features);
    this.#decoder = new UtteranceDecoder(tokens, words, {...system.card.defaults.search, ...options});
  }

  /** Where the utterance begins; nothing is before the start of the stream. */
  get startSample(): number {
    return Math.max(0, this.#startSample);
  }

  /** Samples from one window of the network to the next: how often a partial may come. */
  get stepSamples(): number {
    return this.#network.stepSamples;
  }

  /** Length of the longest utterance, milliseconds; Infinity where any can be transcribed. */
  get maxUtteranceMs(): number {
    return (this.#network.maxSamples * 1000) / this.#system.sampleRateHz;
  }

  /** Of the system that transcribes. */
  get systemId(): string {
    return this.#system.card.id;
  }

  /** Windows that have been run, of all utterances. */
  get windowCount(): number {
    return this.#windowCount;
  }

  /** Begins the next utterance; what was said of the one before is forgotten. */
  begin(startSample: number): void {
    this.#startSample = startSample;
    this.#heard.clear();
    this.#network.begin();
    this.#decoder.reset();
  }

  /** Takes samples of the utterance, −1…1, at the system's rate. */
  push(samples: Float32Array): void {
    this.#network.push(samples);
  }

  /**
   * Runs the windows that are complete.
   * @param isWanted asked after each: false ends it.
   * @returns false where there were none.
   */
  async search(isWanted: () => boolean): Promise<boolean> {
    for (let hasSearched = false; ; hasSearched = true) {
      const output = await this.#network.nextLogProbs();
      if (!output || !isWanted()) return hasSearched;
      if (output.isAnew) {
        this.#decoder.reset();
        this.#heard.clear();
      }
      this.#decoder.accept(output.logProbs);
      this.#heard.push(output.logProbs, output.logProbs.length / this.#tokenCount);
      this.#windowCount++;
    }
  }

  /** The best text so far. None of it stands where the end of the utterance is searched anew. */
  partial(): PartialText {
    const partial = this.#decoder.partial(this.#isPausing());
    return this.#network.givesPreviews ? {...partial, stableLength: 0} : partial;
  }

  /**
   * How far the utterance is heard by now; undefined where no word is, and where the end of it is searched anew: then
   * utterances would end elsewhere for whoever wants partials.
   */
  heardWords(): HeardWords | undefined {
    const wordEnd = this.#network.givesPreviews ? undefined : this.#decoder.lastWordEnd();
    if (wordEnd === undefined) return undefined;
    const {frameSamples} = this.#network;
    return {
      wordEndSample: this.#startSample + wordEnd * frameSamples,
      heardSample: this.#startSample + this.#heard.rowCount * frameSamples,
    };
  }

  /** Says that no more of the utterance comes: `search` then runs what is left. */
  finish(): void {
    this.#network.finish();
  }

  /**
   * The utterance, after `finish` and `search`; undefined where what sounded like speech was none.
   * @param cutSample where it is cut off: what was heard behind is left out.
   */
  final(endSample: number, cutSample?: number): TranscribedSpan | undefined {
    if (cutSample !== undefined) this.#searchUntil(cutSample);
    const {text, words, confidence} = this.#decoder.final();
    if (text === '') return undefined;
    const spans = wordSpansOf(words, this.#startSample, this.#network.frameSamples);
    return {text, words: spans, confidence, startSample: this.startSample, endSample};
  }

  #isPausing(): boolean {
    const {heardSample, wordEndSample} = this.heardWords() ?? {heardSample: 0, wordEndSample: 0};
    return (heardSample - wordEndSample) * 1000 >= PAUSE_MS * this.#system.sampleRateHz;
  }

  #searchUntil(cutSample: number): void {
    const frameCount = Math.round((cutSample - this.#startSample) / this.#network.frameSamples);
    this.#decoder.reset();
    this.#decoder.accept(this.#heard.rows.subarray(0, Math.max(0, frameCount) * this.#tokenCount));
  }
}
