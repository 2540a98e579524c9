import {explainThreads} from '../src/engine/choice/explain-threads.ts';
import {unmeasuredReason} from '../src/engine/choice/unmeasured-reason.ts';
import type {EngineAssets, EngineName, EngineOptions, Model} from '../src/engine/engine.ts';
import {
  defaultEngine,
  defaultNumerics,
  loadModel,
  openOnnxFiles,
  prepareForOnnxFiles,
} from '../src/engine/engines.ts';

import type {SystemCard} from '../src/models/catalogue.ts';
import {readWeights} from '../src/models/read-weights.ts';
import {verifyWeights, type PinnedFile} from '../src/models/verify-weights.ts';
import type {ChosenBecause} from '../src/protocol/engine-choice.ts';
import {
  PROTOCOL_VERSION,
  type EngineChoice,
  type FallbackFact,
  type LoadedInfo,
  type LoadRequest,
  type ProgressFact,
  type WeightsInfo,
} from '../src/protocol/messages.ts';
import {SpeechError} from '../src/protocol/speech-error.ts';
import type {CheckpointSystem} from '../src/import/import-checkpoint.ts';
import type {ChoiceStorage} from './choice-memory.ts';

/** Unverified weights may be at most this large: above every network of the catalogue, below what hurts a phone. */
const MAX_UNVERIFIED_BYTES = 64 * 1024 * 1024;

/** What loading needs beside the request. */
export interface LoadContext {
  readonly signal: AbortSignal;
  readonly assets: EngineAssets;
  /** Where a measured choice of engine is remembered. */
  readonly storage: ChoiceStorage;
  readonly post: (fact: ProgressFact | FallbackFact) => void;
}

/** What a page asks for, whatever the network is for. */
export type NetworkRequest = Omit<LoadRequest, 'engine' | 'engineBudgetMs' | 'incremental'>;

/** Loads one network as a page asks, and gathers what the page is told of it. Worker. */
export class NetworkLoader {
  readonly #request: NetworkRequest;
  readonly #context: LoadContext;
  #weights: WeightsInfo | undefined;
  #because: ChosenBecause | undefined;

  /** @throws SpeechError where page and worker come from different versions. */
  constructor(request: NetworkRequest, context: LoadContext) {
    if (request.protocolVersion !== PROTOCOL_VERSION) {
      throw new SpeechError(
        'internal',
        `got protocol version ${String(request.protocolVersion)}, expected ${String(PROTOCOL_VERSION)}: the page and the worker come from different versions`,
      );
    }
    this.#request = request;
    this.#context = context;
  }

  /** Which file the weights are, once they are read. */
  get weights(): WeightsInfo {
    if (!this.#weights) throw new SpeechError('internal', 'got a network without weights');
    return this.#weights;
  }

  /**
   * Downloads the built-in weights or reads the visitor's, and checks their digest.
   * @throws SpeechError and the typed errors of models; an AbortError once the signal aborts.
   */
  async readWeights(card: SystemCard): Promise<Uint8Array> {
    const {weights, modelBase, allowUnverified} = this.#request;
    const largest = Math.max(...card.weights.accepted.map(({bytes}) => bytes));
    const maxBytes = allowUnverified ? MAX_UNVERIFIED_BYTES : largest;
    const bytes = await this.#read(weights ?? builtInUrl(card, modelBase), maxBytes);
    this.#progress('verify');
    const pinned = {id: card.id, accepted: card.weights.accepted};
    this.#weights = await verifyWeights(pinned, bytes, {allowUnverified});
    return bytes;
  }

  /**
   * Reads another file that goes with the network, and checks its digest where it is pinned.
   * @throws as `readWeights`.
   */
  async readFile(source: Blob | string, maxBytes: number, pinned?: PinnedFile): Promise<Uint8Array> {
    const bytes = await this.#read(source, maxBytes);
    if (!pinned) return bytes;
    this.#progress('verify');
    await verifyWeights(pinned, bytes);
    return bytes;
  }

  /**
   * Makes a graph runnable by the engine that is asked for, or the card's.
   * @throws the typed errors of formats and engine; an AbortError once the signal aborts.
   */
  async loadModel(
    graph: Parameters<typeof loadModel>[0],
    {defaults}: SystemCard,
    asked: EngineChoice | undefined,
  ): Promise<Model> {
    const {signal, assets} = this.#context;
    const engine = asked ?? defaultEngine(defaults.engine, this.#request.numerics);
    const {threadCount} = this.#request;
    const {numerics = defaultNumerics(engine, defaults.numerics)} = this.#request;
    this.#beginCompiling();
    const onFallback = this.#onFallback;
    const model = await loadModel(graph, engine, {numerics, threadCount, assets, signal, onFallback});
    const isAsked = asked !== undefined || this.#request.numerics !== undefined;
    const candidate = {engine, numerics, threadCount: model.threadCount};
    this.#because = unmeasuredReason(isAsked ? 'asked' : 'default', candidate);
    return model;
  }

  /**
   * Makes the network of a system runnable that is published as a checkpoint: from the visitor's own, or as the site
   * has it imported.
   * @throws RangeError where another engine is asked for, else as `readWeights` and `loadModel`.
   */
  async openImported(system: CheckpointSystem, asked: EngineChoice | undefined): Promise<Model> {
    const {signal, assets} = this.#context;
    const {threadCount} = this.#request;
    if (asked !== undefined && asked !== 'onnx') {
      throw new RangeError(`${system.card.id}: got engine ${asked}, expected onnx`);
    }
    // what checkpoints need, a page without one never downloads
    const {readCheckpointNetwork} = await import('./checkpoint-network.ts');
    const onProgress = this.#progress.bind(this);
    const onReading = (): void => {
      prepareForOnnxFiles({assets, threadCount, signal});
    };
    const reading = {signal, onReading, onProgress};
    const {source, network} = await readCheckpointNetwork(system, this.#request, reading);
    const {sha256, verified, what} = source;
    this.#weights = {sha256, verified, what};
    this.#beginCompiling();
    const {numerics} = network;
    const model = await openOnnxFiles(network, {numerics, threadCount, assets, signal});
    const isAsked = asked !== undefined || this.#request.numerics !== undefined;
    const candidate = {engine: 'onnx', numerics, threadCount: model.threadCount} as const;
    this.#because = unmeasuredReason(isAsked ? 'asked' : 'default', candidate);
    return model;
  }

  /** Makes a part of a network runnable as the whole of it is, which is loaded already. */
  async loadPart(graph: Parameters<typeof loadModel>[0], {engine, numerics}: Model): Promise<Model> {
    const {signal, assets} = this.#context;
    const {threadCount} = this.#request;
    const onFallback = this.#onFallback;
    return await loadModel(graph, engine, {numerics, threadCount, assets, signal, onFallback});
  }

  /** Runs a choice by measurement in place of `loadModel`. */
  async chooseModel(
    choose: (
      context: LoadContext & {
        readonly onCandidate: () => void;
        readonly onFallback: NonNullable<EngineOptions['onFallback']>;
      },
    ) => Promise<{readonly model: Model; readonly because: ChosenBecause}>,
  ): Promise<Model> {
    const onCandidate = (): void => {
      this.#progress('compile');
    };
    this.#beginCompiling();
    const {model, because} = await choose({...this.#context, onCandidate, onFallback: this.#onFallback});
    this.#because = because;
    return model;
  }

  /** What the page is told. */
  describe({id}: SystemCard, modelRateHz: number, model: Model): LoadedInfo {
    if (!this.#because) throw new SpeechError('internal', 'got a network that nobody loaded');
    return {
      systemId: id,
      modelRateHz,
      engine: model.engine,
      ...(model.fallbackReason !== undefined && {fallbackReason: model.fallbackReason}),
      numerics: model.numerics,
      threadCount: model.threadCount,
      chosenBecause: explainThreads(this.#because, model, this.#request.threadCount),
      weights: this.weights,
    };
  }

  readonly #onFallback = (engine: EngineName, reason: string): void => {
    if (this.#because) this.#context.post({kind: 'fallback', engine, reason}); // not of one that is being measured
  };

  async #read(source: Blob | string, maxBytes: number): Promise<Uint8Array> {
    return await readWeights(source, {
      maxBytes,
      signal: this.#context.signal,
      onProgress: (loaded, total) => {
        this.#progress('download', loaded, total);
      },
    });
  }

  #beginCompiling(): void {
    this.#context.signal.throwIfAborted();
    this.#progress('compile');
  }

  #progress(phase: ProgressFact['phase'], loadedBytes = 0, totalBytes = 0): void {
    this.#context.post({kind: 'progress', phase, loadedBytes, totalBytes});
  }
}

function builtInUrl({id, weights}: SystemCard, modelBase: string): string {
  if (weights.builtInPath !== undefined) return new URL(weights.builtInPath, modelBase).href;
  const home = weights.homePage === undefined ? '' : `, published at ${weights.homePage}`;
  throw new SpeechError('network', `got no weights for ${id}, expected the file ${weights.name}${home}`);
}
