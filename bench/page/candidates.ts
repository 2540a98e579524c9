import type {EngineName, Numerics} from '../../src/engine/engine.ts';
import type {MfccOptions} from '../../src/features/mfcc.ts';

/** One thing that the page can time, in a worker of its own. Bytes travel as base64. */
export type Candidate =
  /** One call: the MFCCs of a second of sound, ours. */
  | {readonly kind: 'mfcc'; readonly options: MfccOptions}
  /** One call: the MFCCs of a second of sound, meyda's, with as many points, bands, coefficients and frames. */
  | {readonly kind: 'meyda'; readonly options: MfccOptions}
  /** One call: 100 ms of sound through the whole pipeline of a system, in the engine and numerics of its card. */
  | {readonly kind: 'pipeline'; readonly systemId: string; readonly weights: string}
  /** One call: one window through the network. */
  | ModelCandidate
  /** The same through TFLite's own runtimes. */
  | {readonly kind: 'tflite'; readonly weights: string; readonly input: readonly number[]}
  | LiteRtCandidate;

/** A network in one of our engines. */
export interface ModelCandidate {
  readonly kind: 'model';
  readonly engine: EngineName;
  readonly numerics: Numerics;
  /** The keyword system whose weights these are; a `.tflite` file where absent. */
  readonly systemId?: string;
  readonly weights: string;
  readonly input: readonly number[];
}

/** A `.tflite` file in LiteRT.js, whose packages the server has at these paths. */
export interface LiteRtCandidate {
  readonly kind: 'litert';
  readonly weights: string;
  readonly input: readonly number[];
  readonly corePath: string;
  readonly utilsPath: string;
}

/** What a candidate gave: milliseconds a call, one value a round, or why it did not run. */
export type Timing = {readonly msPerCall: readonly number[]} | {readonly error: string};

/** How long to measure. */
export interface TimingOptions {
  readonly rounds: number;
}
