import type {KwsProgressEvent} from '../events/keyword-events.ts';
import type {DetectionOptions, EngineRequest, LoadReply, NumericsChoice} from '../protocol/messages.ts';
import type {ThresholdChoice} from '../systems/operating-point.ts';
import type {CancelOptions} from './listening-session.ts';
import type {ModelSourceOptions} from './model-sources.ts';

/** How detections are made, as the page asks for it; times in milliseconds. */
export interface DetectionChoice extends Omit<DetectionOptions, 'threshold'> {
  /**
   * Smoothed posterior at which a keyword is reported, 0.01…1, or `auto:<rate>/h`: the threshold with the fewest misses
   * among those on the card's operating curve with at most this many false accepts an hour. The card's default where
   * absent.
   */
  readonly threshold?: ThresholdChoice;
}

/** How a spotter is set up; times in milliseconds. */
export interface KeywordSpotterOptions extends DetectionChoice, ModelSourceOptions {
  /** The visitor's own weights file; the system's, from storage or from where they may be had, where absent. */
  readonly weights?: Blob;
  /** Runs weights whose digest the card does not list; they are marked unverified everywhere. Default false. */
  readonly allowUnverified?: boolean;
  /**
   * What runs the network: `integer` (kernels of our own, for `int8-exact` alone), `onnx` (onnxruntime-web) or `tfjs`
   * (TensorFlow.js), in WebAssembly or, with `-webgpu`, on the GPU in float32. A GPU that is lost while listening is
   * replaced by WebAssembly. `auto` for the one that is fastest on this device, measured while loading and remembered:
   * `info.chosenBecause` and the event of the state `ready` say why. The card's default where absent.
   */
  readonly engine?: EngineRequest;
  /** What `auto` may add to the time of loading, 0…10 000 ms; what is not measured by then is left out. Default 1500. */
  readonly engineBudgetMs?: number;
  /** The card's default where absent, or `float32` where the engine has no other. */
  readonly numerics?: NumericsChoice;
  /**
   * Threads that `onnx` may run the network on, 1…64: never more than the device has cores, and one where the page is not
   * cross-origin isolated or another engine runs; `info.threadCount` says how many there are. More than one pays for large
   * networks only: threads wait for each other, and on a busy device that costs more than it gains. Default 1.
   */
  readonly threadCount?: number;
  /**
   * Lets each window take over what an earlier one computed, where that saves at least half of the multiply-adds at the
   * hop asked for: at 100 ms `micronet-large` alone (57.5 % of them; of the time 45 % in `integer`, two fifths in
   * `onnx`), at 80 ms every system of the catalogue; `info.incremental` says whether and why. Not exactly the network:
   * at its start a window has seen the sound before it, where the whole window has padding. Of 1,371 clips that changed
   * the label of 12 with `micronet-large` (right: 1,273, whole 1,271) and posteriors by 0.0002 in the median, 0.054 or
   * less in 95 of 100, 0.83 at most; with the others the label of about 1 in 20, `earshot-kws` for the worse
   * (docs/decisions/0011). The weights are in memory twice. Default false.
   */
  readonly incremental?: boolean;
}

/** What is loaded: labels, keywords, engine, numerics and which weights. */
export type LoadedSystem = LoadReply;

/** What loading may be told and asked. */
export interface LoadOptions extends KeywordSpotterOptions, CancelOptions {
  readonly onProgress?: (event: KwsProgressEvent) => void;
}
