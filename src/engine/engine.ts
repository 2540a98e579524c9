import type {Graph, TensorData} from '../graph/graph.ts';
import type {EngineChoice, NumericsChoice} from '../protocol/messages.ts';

/** Which runtime runs the graph, and on what: WebAssembly where the name says nothing else. */
export type EngineName = EngineChoice;

/**
 * `int8-exact`: the quantised network as published, integer arithmetic.
 * `int8-dynamic`: imported weights of 8 bits, whose layers quantise what they get as they run, in a network that is
 * floating point in between; only networks that were imported so have it.
 * `float32`: the (dequantised) network in floating point; not the same outputs.
 */
export type Numerics = NumericsChoice;

/**
 * Whose rounding the layers of an `int8-exact` network have. Kernels of TFLite differ, by some steps of the output:
 * `xnnpack`: one float32 multiplication, rounded once, as TFLite's fast kernels in browsers and on desktops.
 * `gemmlowp`: fixed point, rounded twice, as TFLite's reference kernels, TFLite Micro and the vectors published
 * with Arm's models. Several times slower; for checking.
 */
export type Rounding = 'xnnpack' | 'gemmlowp';

/** Where an engine finds its WebAssembly files: URLs in a worker, file: URLs in Node. */
export interface EngineAssets {
  readonly integer: {readonly wasm: string};
  readonly onnx: OnnxAssets;
  readonly onnxWebgpu: OnnxAssets;
  readonly tfjsWasm: {readonly plain: string; readonly simd: string};
  /** Reads the bytes behind one of them; `fetch` where absent. Node needs one: its `fetch` reads no file: URL. */
  readonly read?: (url: string, signal: AbortSignal) => Promise<ArrayBuffer>;
}

/** One build of onnxruntime-web. */
export interface OnnxAssets {
  readonly wasm: string;
  readonly module: string; // the glue that starts it
}

/** What an engine needs to know before it loads a graph. */
export interface EngineOptions {
  readonly numerics: Numerics;
  /** Concerns `int8-exact` only. Default `xnnpack`. */
  readonly rounding?: Rounding;
  readonly assets: EngineAssets;
  /** Threads asked for, whole, 1 or more; `Model.threadCount` says how many it got. Default 1. */
  readonly threadCount?: number | undefined;
  readonly signal?: AbortSignal;
  /** Told when a model that lost its GPU goes on in another engine, and why. */
  readonly onFallback?: (engine: EngineName, reason: string) => void;
}

/**
 * A network ready to run. One run at a time: a second `run` before the first settles rejects.
 * Worker or Node. Everything it holds is given back by `dispose()`, which is idempotent.
 */
export interface Model {
  /** The engine that runs it now: another than the one it was loaded into once that has lost its GPU. */
  readonly engine: EngineName;
  /** Why it runs in another engine than the one it was loaded into; undefined where it does not. */
  readonly fallbackReason?: string | undefined;
  readonly numerics: Numerics;
  /** Threads that run it: those asked for at most (`allotThreads`). */
  readonly threadCount: number;
  /** The graph as it runs: with `float32` numerics all its inputs and outputs are float32. */
  readonly graph: Graph;
  /**
   * Runs the network once.
   * @param inputs one flat array per graph input, in the graph's order, of the input's element type. How many values it
   * has tells the size of any length; it may differ from run to run.
   * @returns one flat array per graph output, freshly allocated or reused until the next run.
   */
  run(inputs: readonly TensorData[]): Promise<readonly TensorData[]>;
  dispose(): void;
}

/** Loads graphs into one runtime. Joining a new engine means writing one of these. */
export interface Engine {
  readonly name: EngineName;
  /** Numerics this engine offers. */
  readonly numerics: readonly Numerics[];
  /** Ops of the graph that this engine cannot run, by name; empty where it runs all. */
  unsupportedOps(graph: Graph): readonly string[];
  /**
   * Makes the graph runnable; downloads the runtime on first need.
   * @throws EngineUnavailableError where the runtime does not load (also after a time-out).
   * @throws ModelFormatError where the graph holds an op that the engine does not run.
   */
  load(graph: Graph, options: EngineOptions): Promise<Model>;
}
