import {EngineHost} from '../host/engine-host.ts';
import {spawnWorker} from '../host/spawn-worker.ts';
import type {ProgressFact, RequestKind, Requests, WorkerFact} from '../protocol/messages.ts';
import type {ModelListing, StorageReport} from '../protocol/model-messages.ts';
import type {CancelOptions} from './listening-session.ts';
import {
  askWithin,
  checkSources,
  modelsRequest,
  type ModelSourceOptions,
  type ModelSources,
} from './model-sources.ts';

/** How far getting or checking a model is. Bytes. */
export interface ModelProgress {
  readonly phase: ProgressFact['phase'];
  readonly loaded: number;
  /** 0 where unknown. */
  readonly total: number;
  /** What came over the network lately, bytes per second; undefined where nothing is downloaded. */
  readonly rate: number | undefined;
}

/** What a long operation may be told and asked. */
export interface ModelTaskOptions extends CancelOptions {
  readonly onProgress?: (progress: ModelProgress) => void;
}

/** How to get a model. */
export interface GetModelOptions extends ModelTaskOptions {
  /** Keeps files whose digest the card does not list; they are called unverified. Default false. */
  readonly allowUnverified?: boolean;
}

/**
 * The models on this device: those of the catalogue that are here and those that may be had, what each takes, and how much
 * room there is. What is here, every spotter and transcriber of the site loads without a request. Page thread; the files
 * are handled in a worker of its own, which the first call starts and `dispose` ends.
 */
export class ModelLibrary {
  readonly #sources: ModelSources;
  readonly #listeners = new Map<string, (progress: ModelProgress) => void>();
  #host: EngineHost | undefined;
  #isDisposed = false;

  /** @throws RangeError, TypeError for an option that is none. */
  constructor(options: ModelSourceOptions = {}) {
    this.#sources = checkSources(options);
  }

  /** Every model of the catalogue, and what of it is here; and files that are here beside them. Nothing is fetched. */
  async list({signal}: CancelOptions = {}): Promise<ModelListing> {
    return await this.#request('list-models', modelsRequest(this.#sources), signal);
  }

  /**
   * Has all files of a model come, from storage or from where they may be had, going on where an earlier download ended.
   * @param modelId of a system, or `earshot-lm`.
   * @throws SpeechError `network`, `csp-blocked`, `model-integrity`, `storage-full` (it says what could be removed); AbortError
   * where `onAsk` says no; the signal's reason once it aborts: what came by then is gone on with.
   */
  async get(modelId: string, {allowUnverified = false, ...options}: GetModelOptions = {}): Promise<void> {
    const {askAbove, onAsk} = this.#sources;
    const signal = options.signal ?? new AbortController().signal;
    // who calls this has been asked, unless the page says otherwise
    if (askAbove !== undefined || onAsk)
      await askWithin([modelId], this.#sources, {host: this.#open(), signal});
    const request = {...modelsRequest(this.#sources), modelId, allowUnverified};
    await this.#run(modelId, options, () => this.#request('get-model', request, signal));
  }

  /**
   * Compares what is here of a model with its digests; what has changed is removed.
   * @throws SpeechError `model-integrity` with got and expected; the signal's reason once it aborts.
   */
  async verify(modelId: string, options: ModelTaskOptions = {}): Promise<void> {
    const request = {...modelsRequest(this.#sources), modelId};
    await this.#run(modelId, options, () => this.#request('verify-model', request, options.signal));
  }

  /**
   * Removes what is here of a model, parts of a download too; or one of the other files, by its SHA-256. Networks that are
   * loaded run on.
   */
  async remove(modelIdOrSha256: string): Promise<void> {
    await this.#request('remove-model', {...modelsRequest(this.#sources), modelId: modelIdOrSha256});
  }

  /**
   * Keeps the visitor's own copy of a published file, known by its digest, as if it had been downloaded.
   * @returns the id of its model.
   * @throws SpeechError `model-integrity` where no card lists it: then it is not kept; `storage-full`; the signal's reason
   * once it aborts.
   */
  async add(file: Blob, options: ModelTaskOptions = {}): Promise<string> {
    const request = {...modelsRequest(this.#sources), file};
    return await this.#run(ADDED, options, () => this.#request('add-model', request, options.signal));
  }

  /** How much room models take, the site takes and may take, and where they are kept. */
  async estimate(): Promise<StorageReport> {
    return await this.#request('estimate-storage', null);
  }

  /** Asks the browser not to clear the site's storage on its own; some ask the visitor. False where it does not promise. */
  async persist(): Promise<boolean> {
    const {storage} = navigator as {readonly storage?: StorageManager};
    return (await storage?.persist()) ?? false;
  }

  /** Ends the worker, and what it does. Idempotent; nothing works afterwards. */
  dispose(): void {
    this.#isDisposed = true;
    this.#host?.dispose();
    this.#host = undefined;
  }

  async #run<Result>(
    modelId: string,
    {onProgress}: ModelTaskOptions,
    task: () => Promise<Result>,
  ): Promise<Result> {
    if (!onProgress) return await task();
    this.#listeners.set(modelId, onProgress);
    try {
      return await task();
    } finally {
      if (this.#listeners.get(modelId) === onProgress) this.#listeners.delete(modelId);
    }
  }

  async #request<Kind extends RequestKind>(
    kind: Kind,
    payload: Requests[Kind][0],
    signal?: AbortSignal,
  ): Promise<Requests[Kind][1]> {
    return await this.#open().request(kind, payload, signal);
  }

  #open(): EngineHost {
    if (this.#isDisposed) throw new DOMException('the library was disposed of', 'InvalidStateError');
    return (this.#host ??= new EngineHost(spawnWorker(this.#sources.assetBase), this.#onFact));
  }

  readonly #onFact = (fact: WorkerFact): void => {
    if (fact.kind === 'error') this.#host = undefined; // its requests have been told; the next call starts another
    if (fact.kind !== 'progress' || fact.modelId === undefined) return;
    const {phase, loadedBytes, totalBytes, bytesPerSecond} = fact;
    this.#listeners.get(fact.modelId)?.({
      phase,
      loaded: loadedBytes,
      total: totalBytes,
      rate: bytesPerSecond,
    });
  };
}

/** The name of the file that is being added, of which nobody knows yet what model it is of. */
const ADDED = '';
