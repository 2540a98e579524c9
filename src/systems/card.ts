/** Digests under which a system's weights are accepted, and what file they name: at least one of the three. */
export interface AcceptedDigest {
  readonly sha256?: string; // lower-case hex
  /** Where the publisher gives this one and nobody has told us the other. */
  readonly sha384?: string;
  /** Looked at where it is the only one: others can be made to have it, by those who go to great length. */
  readonly sha1?: string;
  readonly bytes: number;
  readonly what: string; // "the published file", "rebuilt container", …
  /** What to test the running network with, where the publisher gives it. */
  readonly vector?: PublishedVector;
}

/**
 * An input and an output that are published beside a weights file. They are the publisher's, so that only their digests
 * are part of this project.
 */
export interface PublishedVector {
  readonly input: PublishedArray;
  readonly output: PublishedArray;
}

/** A NumPy file of int8 values. */
export interface PublishedArray {
  /** Where the publisher has it, seen from the weights file. */
  readonly path: string;
  /** Of the values in C order, without the header around them. Lower-case hex. */
  readonly sha256: string;
}

/** One file of a system as published or built in. */
export interface SystemFile {
  readonly name: string;
  /** `torch`: a checkpoint of PyTorch, or the same tensors as safetensors, which is imported before it runs. */
  readonly format: 'tflite' | 'safetensors' | 'torch';
  /** Empty where no digest is known: such a file is taken unverified, and called so, if its tensors are the right ones. */
  readonly accepted: readonly AcceptedDigest[];
  /** Path below `<assetBase>/models/` where the file is part of this project; absent where it is not. */
  readonly builtInPath?: string;
  /** The page where the publisher offers it. */
  readonly homePage?: string;
  /** Where the publisher has the file itself, for pages of other origins too. */
  readonly homeUrl?: string;
}

/** What one threshold costs, measured over held-out streams. */
export interface OperatingPoint {
  /** Smoothed posterior at which a keyword is reported, 0.01…1. */
  readonly threshold: number;
  /** Keywords that were missed ÷ keywords that were said, 0…1. */
  readonly falseRejectRate: number;
  /** Reports an hour of speech without a keyword, 0 or more. */
  readonly falseAcceptsPerHour: number;
}

/** What is known of any system: pure data, importable on any thread without loading the system. */
interface Card {
  readonly id: string;
  readonly title: string;
  /** What each output of the network stands for, in its order. */
  readonly labels: readonly string[];
  readonly weights: SystemFile;
  readonly licence: string;
  readonly attribution: string;
  readonly source: string;
  readonly publishedFigure?: string;
  /** What `earshot evaluate` gives of a published system here; says of which clips. Absent where nobody has run it. */
  readonly measuredFigure?: string;
  /** What the system is bad at, where it was measured. */
  readonly limitations?: string;
}

/** What the card of every system says of how it runs where nothing else is asked for. */
interface EngineDefaults {
  readonly engine: 'integer' | 'onnx' | 'tfjs';
  readonly numerics: 'int8-exact' | 'int8-dynamic' | 'float32';
}

/** The card of a keyword spotter. */
export interface KeywordCard extends Card {
  readonly task: 'keyword-spotting';
  /** Labels that are never reported as a keyword (silence, unknown). */
  readonly rejectLabels: readonly string[];
  readonly defaults: EngineDefaults & {
    /** Smoothed posterior at which a keyword is reported, 0…1. */
    readonly threshold: number;
    /** How long posteriors are averaged over before the threshold, ms: longer for fewer false accepts. Default 300. */
    readonly smoothingMs?: number;
  };
  /**
   * What thresholds cost, in rising order of threshold: heard as the page hears, at the defaults of smoothing and hop,
   * in streams of speakers that the system was neither trained nor is judged on: spoken keywords over noise for the
   * misses, read speech without keywords for the false accepts. Absent where nobody has measured it; then a threshold
   * cannot be chosen by a rate.
   */
  readonly operatingCurve?: readonly OperatingPoint[];
  /**
   * What logits are divided by before the softmax, so that a posterior is the share of cases in which it is right;
   * above 0, default 1. Guo et al. 2017, On Calibration of Modern Neural Networks, section 4.2.
   */
  readonly temperature?: number;
}

/** The card of a keyword spotter whose network gives posteriors itself: there are no logits to divide. */
export type PosteriorCard = KeywordCard & {readonly temperature?: never};

/**
 * What a sample of 1 counts as: 2³¹, 2¹⁵ or 1. It matters to features that are ln(1 + |X|) and the like, and is part of
 * no checkpoint.
 */
export type FullScale = 'int32' | 'int16' | 'unit';

/** What a transcriber costs the visitor: `npx tsx bench/transcriber-costs.ts` prints it. */
export interface TranscriberCosts {
  /** Of its file: as built in, or as published. */
  readonly weightsBytes: number;
  /** Of the network, in 8 bits, that a checkpoint becomes: what a page fetches where the site has imported it. */
  readonly importedBytes?: number;
  /**
   * The most memory that the process of a page in Chromium has while it loads the file, imports it where it is a
   * checkpoint, and writes down 10 s of speech.
   */
  readonly peakMemoryBytes: number;
}

/** The tokens of a CTC network, in the order of its outputs: letters or phones, the space and the blank. */
export interface TokenSet {
  /** [tokenCount] */
  readonly labels: readonly string[];
  /** Token index of the CTC blank. */
  readonly blankId: number;
  /** Token index of the space between words. */
  readonly spaceId: number;
}

/** What the card of a transcriber says of how it searches where nothing else is asked for. */
export interface SearchDefaults {
  /** Hypotheses kept at once. */
  readonly beamWidth: number;
  /** Natural logarithm: those further below the best are given up. Default Infinity. */
  readonly beamThreshold?: number;
  readonly languageModelWeight: number;
  /** Natural logarithm. */
  readonly wordBonus: number;
}

/** The card of a transcriber. Its labels are CTC tokens: letters, the space and the blank. */
export interface TranscriptionCard extends Card, TokenSet {
  readonly task: 'transcription';
  /**
   * The tokens of the network's other output, ARPAbet without stress: a language model and a lexicon make words of them.
   * Absent where the network hears letters alone.
   */
  readonly phones?: TokenSet;
  /** Absent where nobody has measured it. */
  readonly costs?: TranscriberCosts;
  readonly defaults: EngineDefaults & {
    /** Loaded where a page does not choose; absent for none. */
    readonly languageModel?: 'built-in';
    /** Those of all systems where absent. */
    readonly search?: SearchDefaults;
  };
  /** Length of the longest utterance that it runs, milliseconds; absent where there is none. */
  readonly maxUtteranceMs?: number;
  /**
   * Scales of samples that its networks may have been trained on, the published one's first; absent where features do not
   * depend on it, or only one scale was ever used.
   */
  readonly fullScales?: readonly FullScale[];
}

/** The card of any system. */
export type SystemCard = KeywordCard | TranscriptionCard;
