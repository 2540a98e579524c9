import type {TranscriptProgressEvent} from '../events/transcript-events.ts';
import type {EngineChoice} from '../protocol/messages.ts';
import type {TranscriberLoadReply, TranscriptionOptions} from '../protocol/transcription-messages.ts';
import type {CancelOptions} from './listening-session.ts';
import type {KeywordSpotterOptions} from './spotter-options.ts';

/** How a transcriber is set up; times in milliseconds. */
export interface TranscriberOptions
  extends
    TranscriptionOptions,
    Pick<KeywordSpotterOptions, 'weights' | 'allowUnverified' | 'numerics' | 'threadCount' | 'assetBase'> {
  /** What runs the network; the card's default where absent. */
  readonly engine?: EngineChoice;
  /**
   * `built-in`: word trigrams of English book text (1 MB over the wire); or the page's own, in the binary form that
   * `earshot build-lm` writes. None where absent.
   */
  readonly languageModel?: Blob | 'built-in';
  /**
   * The two files (.npy) of the vector that is published for the weights. A network that gives something else for it is
   * refused with `engine-unavailable`; `info.selfTest` says how near it was.
   */
  readonly vectors?: readonly Blob[];
}

/** What is loaded: engine, numerics, which weights, how many words the language model knows. */
export type LoadedTranscriber = TranscriberLoadReply;

/** What loading may be told and asked. */
export interface TranscriberLoadOptions extends TranscriberOptions, CancelOptions {
  readonly onProgress?: (event: TranscriptProgressEvent) => void;
}
