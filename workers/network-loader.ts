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
import {explainMissing} from '../src/models/explain-missing.ts';
import type {FileLibrary, WantedFile} from '../src/models/file-library.ts';
import type {LoadFiles} from '../src/models/load-files.ts';
import {locateWeights} from '../src/models/locate-files.ts';
import {readOwnFile} from '../src/models/read-own-file.ts';
import {verifyWeights} from '../src/models/verify-weights.ts';
import type {ChosenBecause} from '../src/protocol/engine-choice.ts';
import type {
  EngineChoice,
  FallbackFact,
  LoadedInfo,
  LoadRequest,
  ProgressFact,
  WeightsInfo,
} from '../src/protocol/messages.ts';
import {SpeechError} from '../src/protocol/speech-error.ts';
import type {CheckpointSystem} from '../src/import/import-checkpoint.ts';
import {checkVersion} from './check-version.ts';
import type {CheckpointSource} from './find-checkpoint.ts';
import type {ChoiceStorage} from './choice-memory.ts';

/** Unverified weights may be at most this large: above every network of the catalogue, below what hurts a phone. */
const MAX_UNVERIFIED_BYTES = 64 * 1024 * 1024;

/** What loading needs beside the request. */
export interface LoadContext {
  readonly signal: AbortSignal;
  readonly assets: EngineAssets;
  /** Where a measured choice of engine is remembered. */
  readonly storage: ChoiceStorage;
  /** The files of models on this device; its code comes when it is asked for. */
  readonly openLibrary: () => Promise<FileLibrary>;
  readonly post: (fact: ProgressFact | FallbackFact) => void;
}

/** What a page asks for, whatever the network is for. */
export type NetworkRequest = Omit<LoadRequest, 'engine' | 'engineBudgetMs' | 'incremental'>;

/** Loads one network as a page asks, and gathers what the page is told of it. Worker. */
export class NetworkLoader {
  readonly #request: NetworkRequest;
  readonly #context: LoadContext;
  #files: LoadFiles | undefined;
  #published: WantedFile | undefined;
  #checkpoint: CheckpointSource | undefined;
  #storage: LoadedInfo['storage'];
  #weights: WeightsInfo | undefined;
  #because: ChosenBecause | undefined;

  /** @throws SpeechError where page and worker come from different versions. */
  constructor(request: NetworkRequest, context: LoadContext) {
    checkVersion(request);
    this.#request = request;
    this.#context = context;
  }

  /**
   * Looks which files have to be downloaded, so that progress is told of all of them at once; to be called first. Only of
   * a network that is imported from a checkpoint something is fetched already: which files it has.
   * @param others files that are read beside those of the network.
   * @throws the signal's reason where it aborts.
   */
  async plan(card: SystemCard, others: readonly WantedFile[] = []): Promise<void> {
    const {weights} = this.#request;
    if (weights && others.length === 0) return;
    const library = await this.#openLibrary();
    const wanted = weights ? [] : await this.#wantedOf(card, library);
    const {LoadFiles} = await import('../src/models/load-files.ts');
    this.#files = await LoadFiles.plan(library, [...wanted, ...others], {
      signal: this.#context.signal,
      mayBeUnkept: true,
      onProgress: (progress) => {
        this.#context.post({kind: 'progress', ...progress});
      },
    });
  }

  /** Whether weights that are not built in would have to be downloaded. */
  get hasToDownload(): boolean {
    return this.#published !== undefined && this.#planned.isMissing(this.#published);
  }

  /** Which file the weights are, once they are read. */
  get weights(): WeightsInfo {
    if (!this.#weights) throw new SpeechError('internal', 'got a network without weights');
    return this.#weights;
  }

  /**
   * Reads the visitor's weights, or those of the system from storage or where they may be had; their digest is right.
   * @throws SpeechError and the typed errors of models; an AbortError once the signal aborts.
   */
  async readWeights(card: SystemCard): Promise<Uint8Array> {
    const {weights, allowUnverified} = this.#request;
    const largest = Math.max(...card.weights.accepted.map(({bytes}) => bytes));
    const maxBytes = allowUnverified ? MAX_UNVERIFIED_BYTES : largest;
    if (weights) {
      const bytes = await readOwnFile(weights, maxBytes);
      this.#progress('verify', weights.size, weights.size);
      const pinned = {id: card.id, accepted: card.weights.accepted};
      this.#weights = await verifyWeights(pinned, bytes, {allowUnverified});
      return bytes;
    }
    if (!this.#published) throw new SpeechError('internal', 'got weights to read, expected a plan first');
    const got = this.#planned.get(this.#published, {allowUnverified, maxBytes});
    const {blob, sha256, verified, what} = await got.catch((error: unknown) => {
      throw explainMissing(card, error);
    });
    this.#weights = {sha256, verified, what};
    return new Uint8Array(await blob.arrayBuffer());
  }

  /**
   * Reads another file that was planned.
   * @throws as `readWeights`.
   */
  async readFile(wanted: WantedFile): Promise<Uint8Array> {
    const {blob} = await this.#planned.get(wanted);
    return new Uint8Array(await blob.arrayBuffer());
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
    const {weights} = this.#request;
    const from = weights ? ({kind: 'own', blob: weights} as const) : this.#checkpoint;
    if (!from) throw new SpeechError('internal', 'got a checkpoint to read, expected a plan first');
    const {store} = await this.#openLibrary();
    const reading = {files: this.#files, store, signal, onReading, onProgress};
    const {source, network} = await readCheckpointNetwork(system, from, this.#request, reading);
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
      ...(this.#storage && {storage: this.#storage}),
    };
  }

  readonly #onFallback = (engine: EngineName, reason: string): void => {
    if (this.#because) this.#context.post({kind: 'fallback', engine, reason}); // not of one that is being measured
  };

  get #planned(): LoadFiles {
    if (!this.#files) throw new SpeechError('internal', 'got a file to read, expected a plan first');
    return this.#files;
  }

  async #openLibrary(): Promise<FileLibrary> {
    const library = await this.#context.openLibrary();
    const {kind, reason} = library.store;
    this.#storage = {kind, ...(reason !== undefined && {reason})};
    return library;
  }

  async #wantedOf(card: SystemCard, library: FileLibrary): Promise<readonly WantedFile[]> {
    if (card.weights.format !== 'torch') {
      this.#published = {file: locateWeights(card, this.#request), modelId: card.id};
      return [this.#published];
    }
    // what checkpoints need, a page without one never downloads
    const {findCheckpoint} = await import('./find-checkpoint.ts');
    this.#checkpoint = await findCheckpoint(card, this.#request, library, this.#context.signal);
    return this.#checkpoint.files;
  }

  #beginCompiling(): void {
    this.#context.signal.throwIfAborted();
    this.#progress('compile');
  }

  #progress(phase: ProgressFact['phase'], loadedBytes = 0, totalBytes = 0): void {
    this.#context.post({kind: 'progress', phase, loadedBytes, totalBytes});
  }
}
