import type {EngineChoice, LoadedInfo, LoadRequest} from './messages.ts';

/**
 * A word or a phrase that is expected: its text, or with how it is said where it is a single word that the lexicon lacks:
 * ARPAbet phones, `K W AA M EY`. Systems that hear letters go by the text.
 */
export type HotWord = string | {readonly text: string; readonly pronunciation?: string};

/** How words are found in what the network gives; all but the network's. */
export interface DecodingOptions {
  /**
   * `beam`: prefix beam search. `greedy`: the best letter of each frame, as published figures have it; the options below,
   * and a language model, are refused with it. Default `beam`.
   */
  readonly decoding?: 'beam' | 'greedy';
  /** Hypotheses that the prefix beam search keeps at once, 1…256; the card's default, else 16. */
  readonly beamWidth?: number;
  /** Weight of the language model, 0…10; the card's default, else 0.5. Without a language model it means nothing. */
  readonly languageModelWeight?: number;
  /**
   * Added to a hypothesis for each word, natural log, −10…10; the card's default, else 1.5. Without a language model it
   * means nothing.
   */
  readonly wordBonus?: number;
  /**
   * Words or phrases that are likelier here than elsewhere. Where the system hears phones, a word is written as it is
   * here; one that the lexicon lacks needs its pronunciation, else listening fails with `lexicon`.
   */
  readonly hotWords?: readonly HotWord[];
  /** Added to a hypothesis for each hot word, natural log, above 0, at most 20; default 4. */
  readonly hotWordBoost?: number;
}

/** When an utterance ends; milliseconds. */
export interface EndpointOptions {
  /** Silence after which an utterance is over, 100…5000; default 700. */
  readonly trailingSilenceMs?: number;
  /**
   * Length at which an utterance is cut where it is quietest, 2000…60 000, or to what the system's card says that it
   * runs (wav2vec2-base: 36 000); default 20 000.
   */
  readonly maxUtteranceMs?: number;
}

/** How speech is transcribed. */
export interface TranscriptionOptions extends DecodingOptions, EndpointOptions {
  /**
   * `streaming`: features as they can be made while somebody speaks. `utterance`: exactly as the system was published,
   * with the statistics of the whole utterance where it has some; its text then comes at its end, without partials.
   * What the default costs deepspeech2: one letter in 17 differs, and its letter error rate is 0.2 points higher, 51.5 %
   * in place of 51.3 % (docs/decisions/0016); systems without such statistics have the same features either way.
   * Default `streaming`.
   */
  readonly features?: 'streaming' | 'utterance';
}

/** Which network to load for transcription, and from where. */
export interface TranscriberLoadRequest extends Omit<LoadRequest, 'engine' | 'engineBudgetMs'> {
  readonly engine?: EngineChoice;
  /** The user's own language model, in the binary form that `earshot build-lm` writes; none where absent. */
  readonly languageModel?: Blob | 'built-in';
  /** What a sample of 1 counted as when the network was trained; the published network's where absent. */
  readonly fullScale?: 'int32' | 'int16' | 'unit';
  /** The two files of the vector that is published for the weights, to test the network with. */
  readonly vectors?: readonly Blob[];
}

/** Whose speed to estimate, and where the models lie that are built in. */
export type SpeedRequest = Pick<
  LoadRequest,
  | 'protocolVersion'
  | 'systemId'
  | 'modelBase'
  | 'builtIn'
  | 'mirror'
  | 'weights'
  | 'allowUnverified'
  | 'threadCount'
>;

/** What a transcriber is expected to take. */
export interface SpeedReply {
  /** Processing time ÷ audio time; below 1 is faster than speech. */
  readonly realTimeFactor: number;
}

/** How a network does on the vector that is published for its file: shares, 0…1; or why it was not tried. */
export type SelfTestOutcome =
  | {
      /** Of the values of the output, how many are the same. */
      readonly equalShare: number;
      /** Of the values of the output, how many are the same or one step away. */
      readonly withinOneStepShare: number;
      /** Of the rows of output, how many have the same best token. */
      readonly sameBestShare: number;
      readonly isPassed: boolean;
    }
  | {readonly notRun: string};

/** A transcriber that was loaded. */
export interface TranscriberLoadReply extends LoadedInfo {
  /** Words that the language model knows; 0 without one. */
  readonly languageModelWords: number;
  /** How many of them the system cannot spell or say, and so never finds. */
  readonly leftOutWords: number;
  /** Present where the publisher of the system's weights gives a test vector. */
  readonly selfTest?: SelfTestOutcome;
}

/** A file that only the browser decodes, and the length that is asked about. */
export interface LastsLongerRequest {
  readonly file: Blob;
  readonly seconds: number;
}

/** Where live audio will come from; the port is transferred. */
export interface TranscribeRequest {
  readonly sampleRateHz: number;
  readonly port: MessagePort;
  readonly transcription: TranscriptionOptions;
}

/** A recording: a WAV or FLAC file, which the worker reads piece by piece, or what the browser decoded of another. */
export interface TranscribeFileRequest {
  readonly audio: Blob | DecodedRecording;
  /** Whether utterances are looked for in it; `none`: it is one. */
  readonly segmentation: 'speech' | 'none';
  readonly transcription: TranscriptionOptions;
}

/** Samples of a whole recording; the channels are transferred. */
export interface DecodedRecording {
  readonly sampleRateHz: number;
  readonly channels: readonly Float32Array[]; // all of one length, −1…1
}

/** One word. Times are sample indices at the model's rate, from the first captured sample. */
export interface WordFact {
  readonly text: string;
  readonly startSample: number;
  readonly endSample: number;
  readonly confidence: number; // 0…1
}

/** What an utterance was, for good. */
export interface FinalFact {
  readonly kind: 'final';
  readonly text: string;
  readonly words: readonly WordFact[];
  readonly confidence: number; // 0…1
  readonly startSample: number;
  readonly endSample: number;
}

/** What the utterance under way seems to be. */
export interface PartialFact {
  readonly kind: 'partial';
  readonly text: string;
  /**
   * UTF-16 units at the start of `text` that stand; never fewer than in an earlier partial of this utterance. 0
   * throughout where the system runs utterances whole: its partials are previews that the final replaces.
   */
  readonly stableLength: number;
  readonly startSample: number;
}

/** Somebody began, or ceased, to speak. */
export interface SpeechFact {
  readonly kind: 'speech-start' | 'speech-end';
  readonly sample: number;
}

/** What a transcriber hears, in order. */
export type TranscriptFact = PartialFact | FinalFact | SpeechFact;
