import type {LargeSystemId} from '../large-systems.ts';

/** Who transcribes: ours, or the peer, whose packages the server has at these paths. */
export type Runner =
  | {readonly kind: 'earshot'; readonly systemId: LargeSystemId}
  | {
      readonly kind: 'transformers';
      readonly libraryPath: string;
      readonly runtimePath: string;
      readonly commonPath: string;
    };

/** An imported network and who runs it, on how many threads. */
export interface SpeechWorkerChoice {
  readonly runner: Runner;
  /** Path of the network's folder on the server; ends in a slash. */
  readonly modelPath: string;
  readonly threadCount: number;
}

/** What the page asks of a worker: to make its network ready, then to transcribe samples of 16 kHz. */
export type SpeechWorkerMessage =
  | {readonly kind: 'open'; readonly choice: SpeechWorkerChoice}
  | {readonly kind: 'transcribe'; readonly samples: Float32Array};

/** What came of it: milliseconds by the worker's own clock. */
export interface SpeechWorkerResult {
  readonly ms: number;
  readonly text: string;
}

/** What a worker answers. */
export type SpeechWorkerReply = SpeechWorkerResult | {readonly error: string};
