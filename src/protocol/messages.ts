import type {DownloadQuestion} from './download-question.ts';
import type {ChosenBecause} from './engine-choice.ts';
import type {
  AddModelRequest,
  GetModelRequest,
  ModelListing,
  ModelPlaces,
  ModelRequest,
  ModelsRequest,
  QuestionRequest,
  StorageKind,
  StorageReport,
} from './model-messages.ts';
import type {ErrorReport} from './speech-error.ts';
import type {
  LastsLongerRequest,
  SpeedReply,
  SpeedRequest,
  TranscribeFileRequest,
  TranscribeRequest,
  TranscriberLoadReply,
  TranscriberLoadRequest,
  TranscriptFact,
} from './transcription-messages.ts';

/** Both sides must agree on this number; `load` carries it. */
export const PROTOCOL_VERSION = 1;

/** Engines by name, as the page may ask for them: WebAssembly where the name says nothing else. */
export const ENGINE_CHOICES = ['integer', 'onnx', 'onnx-webgpu', 'tfjs', 'tfjs-webgpu'] as const;

/** One of {@link ENGINE_CHOICES}. */
export type EngineChoice = (typeof ENGINE_CHOICES)[number];

/** An engine as the page may ask for it: by name, or `auto` for the one that is fastest on this device. */
export type EngineRequest = EngineChoice | 'auto';

/** Numerics by name, as the page may ask for them. */
export type NumericsChoice = 'int8-exact' | 'int8-dynamic' | 'float32';

/** Which network to load, and from where. */
export interface LoadRequest extends ModelPlaces {
  readonly protocolVersion: number;
  readonly systemId: string;
  /** The user's own file; the system's weights, from storage or from where they may be had, where absent. */
  readonly weights?: Blob;
  /** Runs weights whose digest the card does not list; they are marked unverified everywhere. */
  readonly allowUnverified: boolean;
  readonly engine?: EngineRequest;
  readonly numerics?: NumericsChoice;
  /** What `auto` may add to the time of loading, milliseconds; default 1500. */
  readonly engineBudgetMs?: number;
  /** Threads that may run the network, 1…64; default 1. */
  readonly threadCount?: number;
  /** Lets windows at this hop take over what earlier ones computed, where that saves at least half of the work. */
  readonly incremental?: {readonly hopMs?: number};
}

/** Which file the weights are. */
export interface WeightsInfo {
  readonly sha256: string;
  readonly verified: boolean;
  /** The card's words for the file, or "unknown file". */
  readonly what: string;
}

/** Whether windows take over what earlier ones computed, as the page asked. */
export interface IncrementalInfo {
  readonly isOn: boolean;
  /** Share of a window's multiply-adds that an earlier window has done already, 0…1. */
  readonly savedShare: number;
  /** Why it is on or off, for people to read. */
  readonly text: string;
}

/** What is told of any network that was loaded. */
export interface LoadedInfo {
  readonly systemId: string;
  /** The rate in which facts count samples. */
  readonly modelRateHz: number;
  /** The engine that runs now: another than the one asked for once that has lost its GPU. */
  readonly engine: EngineChoice;
  /** Why WebAssembly runs in place of the GPU; absent where it does not. */
  readonly fallbackReason?: string;
  readonly numerics: NumericsChoice;
  /** Threads that run the network: fewer than asked for where `chosenBecause.text` says why. */
  readonly threadCount: number;
  readonly chosenBecause: ChosenBecause;
  readonly weights: WeightsInfo;
  /** Where the files are kept that were loaded; absent where all were the visitor's own. */
  readonly storage?: StorageKind;
}

/** A keyword spotter that was loaded. */
export interface LoadReply extends LoadedInfo {
  readonly labels: readonly string[];
  /** Labels that can be reported: all but silence and unknown. */
  readonly keywords: readonly string[];
  readonly defaultThreshold: number;
  /** Absent where the page did not ask for it. */
  readonly incremental?: IncrementalInfo;
}

/** How detections are made; times in milliseconds. */
export interface DetectionOptions {
  /** Keywords to report; all of the system's where absent. */
  readonly keywords?: readonly string[];
  /** Smoothed posterior at which a keyword is reported, 0.01…1; the card's default where absent. */
  readonly threshold?: number;
  /** Step between windows; default 100. */
  readonly hopMs?: number;
  /** Span over which posteriors are averaged; the card's default, or 300, where absent. */
  readonly smoothingMs?: number;
  /** Time after a detection in which the same keyword is not reported again; default 1000. */
  readonly refractoryMs?: number;
}

/** Where audio will come from; the port is transferred. */
export interface ListenRequest {
  readonly sampleRateHz: number;
  readonly port: MessagePort;
  readonly detection: DetectionOptions;
}

/** Counters of one listening run; sample counts at the model's rate unless said otherwise. */
export interface ListeningStats {
  /** Place on the audio timeline up to which was listened; what was dropped or lost on the way is included. */
  readonly processedSamples: number;
  /** Audio that arrived but was thrown away, oldest first, because inference was late or the audio thread lost some. */
  readonly droppedSamples: number;
  /** Device-rate samples that the audio thread lost because the buffer pool was empty. */
  readonly overrunSamples: number;
  readonly inferenceCount: number;
  /** Processing time ÷ audio time; below 1 is faster than speech. */
  readonly realTimeFactor: number;
  /** The step between windows in force; longer than asked for while late. */
  readonly hopMs: number;
}

/** kind → [request, reply]: the one list from which both unions and the typed client are derived. */
export interface Requests {
  load: [LoadRequest, LoadReply];
  listen: [ListenRequest, null];
  configure: [DetectionOptions, null];
  stop: [null, ListeningStats];
  'load-transcriber': [TranscriberLoadRequest, TranscriberLoadReply];
  transcribe: [TranscribeRequest, null];
  'lasts-longer': [LastsLongerRequest, boolean];
  'transcribe-file': [TranscribeFileRequest, ListeningStats];
  'estimate-speed': [SpeedRequest, SpeedReply];
  'question-before': [QuestionRequest, DownloadQuestion | null];
  'list-models': [ModelsRequest, ModelListing];
  'get-model': [GetModelRequest, null];
  'verify-model': [ModelRequest, null];
  'remove-model': [ModelRequest, null];
  'add-model': [AddModelRequest, string];
  'estimate-storage': [null, StorageReport];
}

/** Kinds of request. */
export type RequestKind = keyof Requests;

/** One request, tagged by its kind. */
export type Request = {
  [Kind in RequestKind]: {readonly kind: Kind; readonly id: number; readonly payload: Requests[Kind][0]};
}[RequestKind];

/** Page → worker. `cancel` names the request that nobody waits for any more. */
export type ToEngine = Request | {readonly kind: 'cancel'; readonly id: number};

/** A keyword was heard. Times are sample indices at the model's rate, from the first captured sample. */
export interface KeywordFact {
  readonly kind: 'keyword';
  readonly keyword: string;
  readonly score: number;
  readonly threshold: number;
  readonly startSample: number;
  readonly endSample: number;
  readonly latencyMs: number;
}

/** One inference's result. */
export interface PosteriorsFact {
  readonly kind: 'posteriors';
  readonly posteriors: Float32Array; // [labelCount], smoothed
  readonly endSample: number;
}

/** Loudness of the newest buffer. */
export interface LevelFact {
  readonly kind: 'level';
  readonly rmsDb: number; // dB relative to full scale, −120 at least
  readonly endSample: number;
}

/** Counters, about once a second while listening. */
export interface StatsFact {
  readonly kind: 'stats';
  readonly stats: ListeningStats;
}

/**
 * How far loading is, or a file. Bytes are of all files that are downloaded, of a file that is compared with its digest or
 * read, or, while a checkpoint is imported, of the weights that are written; totals are 0 where unknown.
 */
export interface ProgressFact {
  readonly kind: 'progress';
  readonly phase: 'download' | 'verify' | 'import' | 'compile' | 'transcribe';
  readonly loadedBytes: number;
  readonly totalBytes: number;
  /** What came over the network lately; of the phase `download` only. */
  readonly bytesPerSecond?: number;
  /** The model that is got or verified for the page's library; absent of what a session loads. */
  readonly modelId?: string;
}

/** Listening ended on the worker's side: the reason is an error. */
export interface ErrorFact {
  readonly kind: 'error';
  readonly error: ErrorReport;
}

/** The GPU is lost: from the window under way on, this engine runs the network. No audio was lost. */
export interface FallbackFact {
  readonly kind: 'fallback';
  readonly engine: EngineChoice;
  readonly reason: string;
}

/** What a pipeline tells while it listens, in order. */
export type ListeningFact = KeywordFact | PosteriorsFact | LevelFact | StatsFact;

/** What the worker tells without being asked. */
export type WorkerFact = ListeningFact | TranscriptFact | FallbackFact | ErrorFact | ProgressFact;

/** One reply, tagged by the request it answers. */
export type Reply = {
  [Kind in RequestKind]: {
    readonly kind: 'reply';
    readonly request: Kind;
    readonly id: number;
    readonly payload: Requests[Kind][1];
  };
}[RequestKind];

/** A request failed. */
export interface Failure {
  readonly kind: 'failure';
  readonly id: number;
  readonly error: ErrorReport;
}

/** Worker → page. */
export type FromEngine = Reply | Failure | WorkerFact;
