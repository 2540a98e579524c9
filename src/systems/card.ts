/** A digest under which a system's weights are accepted, and what file it names. */
export interface AcceptedDigest {
  readonly sha256: string; // lower-case hex
  readonly sha1?: string;
  readonly bytes: number;
  readonly what: string; // "the published file", "rebuilt container", …
}

/** One file of a system as published or built in. */
export interface SystemFile {
  readonly name: string;
  readonly format: 'tflite' | 'safetensors';
  readonly accepted: readonly AcceptedDigest[];
  /** Path below `<assetBase>/models/` where the file is part of this project; absent where it is not. */
  readonly builtInPath?: string;
  /** The page where the publisher offers it. */
  readonly homePage?: string;
}

/** What is known of one system: pure data, importable on any thread without loading the system. */
export interface SystemCard {
  readonly id: string;
  readonly title: string;
  readonly task: 'keyword-spotting' | 'transcription';
  readonly labels: readonly string[];
  /** Labels that are never reported as a keyword (silence, unknown). */
  readonly rejectLabels: readonly string[];
  readonly weights: SystemFile;
  readonly licence: string;
  readonly attribution: string;
  readonly source: string;
  readonly publishedFigure?: string;
  readonly defaults: {
    readonly engine: 'onnx' | 'tfjs';
    readonly numerics: 'int8-exact' | 'float32';
    /** Smoothed posterior at which a keyword is reported, 0…1. */
    readonly threshold: number;
  };
  /**
   * What logits are divided by before the softmax, so that a posterior is the share of cases in which it is right;
   * above 0, default 1. Guo et al. 2017, On Calibration of Modern Neural Networks, section 4.2.
   */
  readonly temperature?: number;
}

/** The card of a system whose network gives posteriors itself: there are no logits to divide. */
export type PosteriorCard = SystemCard & {readonly temperature?: never};
