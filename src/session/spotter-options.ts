import type {KwsProgressEvent} from '../events/keyword-events.ts';
import type {DetectionOptions, EngineChoice, LoadReply, NumericsChoice} from '../protocol/messages.ts';

/** How a spotter is set up; times in milliseconds. */
export interface KeywordSpotterOptions extends DetectionOptions {
  /** The visitor's own weights file; the built-in weights where absent. */
  readonly weights?: Blob;
  /** Runs weights whose digest the card does not list; they are marked unverified everywhere. Default false. */
  readonly allowUnverified?: boolean;
  /** The card's default where absent. */
  readonly engine?: EngineChoice;
  /** The card's default where absent. */
  readonly numerics?: NumericsChoice;
  /** Folder that holds worker, worklet, WebAssembly and models; the one that holds the SDK where absent. */
  readonly assetBase?: string | URL;
}

/** What is loaded: labels, keywords, engine, numerics and which weights. */
export type LoadedSystem = LoadReply;

/** How a long operation may be ended early. */
export interface CancelOptions {
  readonly signal?: AbortSignal;
}

/** What loading may be told and asked. */
export interface LoadOptions extends KeywordSpotterOptions, CancelOptions {
  readonly onProgress?: (event: KwsProgressEvent) => void;
}
