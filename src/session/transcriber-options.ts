import type {TranscriptProgressEvent} from '../events/transcript-events.ts';
import type {EngineChoice, NumericsChoice} from '../protocol/messages.ts';
import type {TranscriberLoadReply, TranscriptionOptions} from '../protocol/transcription-messages.ts';
import type {CancelOptions} from './listening-session.ts';
import type {ModelSourceOptions} from './model-sources.ts';
import type {KeywordSpotterOptions} from './spotter-options.ts';

/** How a transcriber is set up; times in milliseconds. */
export interface TranscriberOptions
  extends
    TranscriptionOptions,
    ModelSourceOptions,
    Pick<KeywordSpotterOptions, 'allowUnverified' | 'threadCount'> {
  /**
   * The visitor's own weights file; the system's, from storage or from where they may be had, where absent. A system that
   * is published as a checkpoint takes that, and imports it first; where it is absent, what `earshot import` made of it is
   * opened, in the folder of the system's id in `mirror` or `models/`, else the published checkpoint.
   */
  readonly weights?: Blob;
  /**
   * The card's default where absent, or `float32` where the engine has no other. What a checkpoint is imported as:
   * `int8-dynamic`, the default, or `float32`.
   */
  readonly numerics?: NumericsChoice;
  /** What runs the network; the card's default where absent. */
  readonly engine?: EngineChoice;
  /**
   * `built-in`: word trigrams of English book text; or the page's own, in the binary form that `earshot build-lm` writes;
   * `none`. The card's default where absent: `built-in` for earshot-ctc, whose phones become words by it and the built-in
   * lexicon (with `none` it spells by ear), none for the others and for `greedy`. Words that the system cannot spell or
   * say are left out: `info.leftOutWords`.
   */
  readonly languageModel?: Blob | 'built-in' | 'none';
  /**
   * What a sample of 1 counted as when the network of `weights` was trained: 2³¹, 2¹⁵ or 1. No checkpoint says it, and
   * features depend on it; text that is no text is the sign of a wrong one. Only systems whose card has `fullScales`
   * take it: deepspeech2, by default `int32` (docs/decisions/0016).
   */
  readonly fullScale?: 'int32' | 'int16' | 'unit';
  /**
   * The two files (.npy) of the vector that is published for the weights. A network that gives something else for it is
   * refused with `engine-unavailable`; `info.selfTest` says how near it was.
   */
  readonly vectors?: readonly Blob[];
}

/** What is loaded: engine, numerics, which weights, how many words the language model knows. */
export type LoadedTranscriber = TranscriberLoadReply;

/** How a recording is written down. */
export interface RecordingOptions extends CancelOptions {
  /**
   * `speech`: a gate looks for speech, and utterances end at pauses, as with the microphone. `none`: the recording is one
   * utterance from its first sample to its last, with the features that published figures are made with, unless the
   * transcriber's `features` say otherwise; it may last 60 s, with wav2vec2-base 36 s. Default `speech`.
   */
  readonly segmentation?: 'speech' | 'none';
}

/** What loading may be told and asked. */
export interface TranscriberLoadOptions extends TranscriberOptions, CancelOptions {
  readonly onProgress?: (event: TranscriptProgressEvent) => void;
}
