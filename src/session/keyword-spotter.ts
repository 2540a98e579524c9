import type {CaptureObserver} from '../capture/audio-capture.ts';
import {Microphone} from '../capture/microphone.ts';
import {KeywordEventTarget} from '../events/keyword-event-target.ts';
import {
  KwsErrorEvent,
  KwsProgressEvent,
  KwsStateEvent,
  type KeywordDetection,
} from '../events/keyword-events.ts';
import type {SessionState} from '../events/session-state.ts';
import {resolveAssetBase} from '../host/asset-base.ts';
import {
  PROTOCOL_VERSION,
  type DetectionOptions,
  type LoadRequest,
  type WorkerFact,
} from '../protocol/messages.ts';
import {fromErrorReport, SpeechError, toSpeechError} from '../protocol/speech-error.ts';
import type {KeywordCard} from '../systems/card.ts';
import type {ThresholdChoice} from '../systems/operating-point.ts';
import {checkDetection} from './check-detection.ts';
import {checkEngine} from './check-engine.ts';
import {checkRange} from './check-range.ts';
import {detections} from './detections.ts';
import {eventOf} from './event-of.ts';
import {checkSystem} from './keyword-cards.ts';
import {ListeningRun, type AudioSource, type ListeningRunOptions} from './listening-run.ts';
import {LoadedNetwork} from './loaded-network.ts';
import {nextState, type SessionEvent} from './next-state.ts';
import type {CancelOptions, KeywordSpotterOptions, LoadedSystem, LoadOptions} from './spotter-options.ts';

/** Least and most that a page may let the choice of an engine take. */
const ENGINE_BUDGET_MS = [0, 10_000] as const;

/**
 * Hears keywords on the visitor's own device. Page thread; everything heavy runs in a worker of its own.
 * Between `ready` and `dispose` it causes no request of any kind.
 */
export class KeywordSpotter extends KeywordEventTarget {
  readonly systemId: string;
  readonly #options: KeywordSpotterOptions;
  readonly #card: KeywordCard;
  readonly #assetBase: URL | undefined; // where the page gave one
  #detection: DetectionOptions;
  #state: SessionState = {name: 'idle'};
  #loading: AbortController | undefined;
  #network: LoadedNetwork | undefined;
  #run: ListeningRun | undefined;

  /**
   * @param systemId a keyword-spotting system of the catalogue; fetched by `load` or the first `start`.
   * @throws RangeError for a system that is not in the catalogue, a keyword that is not the system's, an engine that
   * nobody knows, an option out of its range.
   */
  constructor(systemId = 'earshot-kws', options: KeywordSpotterOptions = {}) {
    super();
    this.systemId = systemId;
    this.#options = options;
    this.#card = checkSystem(systemId, options.keywords);
    checkEngine(options.engine);
    this.#detection = checkDetection(options, this.#card);
    checkRange('engineBudgetMs', options.engineBudgetMs, ENGINE_BUDGET_MS);
    this.#assetBase = options.assetBase === undefined ? undefined : resolveAssetBase(options.assetBase);
  }

  /**
   * A spotter that is ready to listen.
   * @throws SpeechError `network`, `model-integrity`, `model-format`, `engine-unavailable`, `csp-blocked`; the
   * signal's reason once it aborts.
   */
  static async load(systemId?: string, options: LoadOptions = {}): Promise<KeywordSpotter> {
    const spotter = new KeywordSpotter(systemId, options);
    if (options.onProgress) spotter.addEventListener('kws-progress', options.onProgress);
    try {
      await spotter.load(options);
    } catch (error) {
      spotter.dispose();
      throw error;
    }
    return spotter;
  }

  /** Where the session is. */
  get state(): SessionState {
    return this.#state;
  }

  /** What is loaded: labels, engine, numerics, which weights. Undefined until then. Changes where the GPU is lost. */
  get info(): LoadedSystem | undefined {
    return this.#network?.info;
  }

  /** Smoothed posterior at which a keyword is reported now; for `auto:<rate>/h` the one that was picked. */
  get threshold(): number {
    return this.#detection.threshold ?? this.#card.defaults.threshold;
  }

  /**
   * Fetches the network and makes it ready; at once where it is.
   * @throws SpeechError as the static `load`; DOMException InvalidStateError while loading or after `dispose`.
   */
  async load({signal}: CancelOptions = {}): Promise<void> {
    if (this.#network) return;
    this.#require('load', ['idle', 'failed']);
    signal?.throwIfAborted();
    const loading = new AbortController();
    const cancel = (): void => {
      loading.abort(signal?.reason);
    };
    this.#loading = loading;
    signal?.addEventListener('abort', cancel);
    this.#apply({kind: 'load'});
    try {
      const network = await LoadedNetwork.load(this.#loadRequest(), {
        assetBase: this.#assetBase,
        signal: loading.signal,
        onFact: (fact) => {
          this.#onFact(fact);
        },
      });
      if (loading.signal.aborted) network.dispose(); // between its last step and this one
      loading.signal.throwIfAborted();
      this.#network = network;
      this.#apply({kind: 'loaded'});
    } catch (error) {
      this.#apply(
        loading.signal.aborted ? {kind: 'load-cancelled'} : {kind: 'fail', error: toSpeechError(error)},
      );
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#loading = undefined;
    }
  }

  /**
   * Listens until `stop`, the signal's abort, or a failure (told by `kws-error`); loads first where that was not done.
   * @throws SpeechError as `load` and the microphone say; AbortError where stopped meanwhile; DOMException
   * InvalidStateError while it listens already or after `dispose`.
   */
  async start(source?: AudioSource, options: CancelOptions = {}): Promise<void> {
    await this.#begin(source, options);
  }

  async #begin(source: AudioSource = new Microphone(), {signal}: CancelOptions): Promise<ListeningRun> {
    this.#require('start', this.#run ? [] : ['idle', 'ready', 'failed']);
    signal?.throwIfAborted();
    const run = new ListeningRun(source);
    this.#run = run;
    signal?.addEventListener('abort', () => void this.#end(run, signal.reason), {signal: run.signal});
    try {
      if (!this.#network) await this.load({signal: run.signal});
      this.#apply({kind: 'start'});
      const microphone = await run.begin(this.#runOptions(run));
      this.#apply({kind: 'started', microphone});
      return run;
    } catch (error) {
      if (run.signal.aborted) {
        await this.#end(run, error);
        throw error;
      }
      const failure = toSpeechError(error);
      await this.#failRun(run, failure);
      throw failure;
    }
  }

  /** Releases the microphone at once; resolves when the worker has stopped too. Does nothing where nothing runs. */
  async stop(): Promise<void> {
    if (this.#run) await this.#end(this.#run, stopReason());
  }

  /**
   * Detections of one listening run: `for await (const hit of spotter.listen(microphone))`. The loop starts the run,
   * so nothing happens before its first step; leaving the loop stops that run.
   * @throws SpeechError as `start`, and where listening fails; the signal's reason once it aborts.
   */
  listen(source?: AudioSource, options: CancelOptions = {}): AsyncGenerator<KeywordDetection, void, void> {
    const start = async (): Promise<() => Promise<void>> => {
      const run = await this.#begin(source, options);
      return () => this.#end(run, stopReason());
    };
    return detections(this, start, options.signal);
  }

  /**
   * Changes the threshold, while listening too.
   * @param threshold 0.01…1, or `auto:<rate>/h` by the operating curve on the system's card.
   * @throws RangeError for what is neither, or a rate that the curve does not reach; SpeechError where the worker ends
   * meanwhile.
   */
  async setThreshold(threshold: ThresholdChoice): Promise<void> {
    this.#detection = checkDetection({...this.#detection, threshold}, this.#card);
    await this.#network?.host.request('configure', {threshold: this.threshold});
  }

  /** Releases microphone, worker and memory. Idempotent; nothing works afterwards. */
  dispose(): void {
    const reason = new DOMException('the spotter was disposed of', 'AbortError');
    this.#loading?.abort(reason);
    void this.#run?.end(reason);
    this.#unload();
    this.#apply({kind: 'dispose'});
  }

  #loadRequest(): LoadRequest {
    const {weights, allowUnverified = false, engine, engineBudgetMs, numerics} = this.#options;
    return {
      protocolVersion: PROTOCOL_VERSION,
      systemId: this.systemId,
      modelBase: new URL('models/', resolveAssetBase(this.#assetBase)).href,
      allowUnverified,
      ...(weights && {weights}),
      ...(engine && {engine}),
      ...(engineBudgetMs !== undefined && {engineBudgetMs}),
      ...(numerics && {numerics}),
    };
  }

  #runOptions(run: ListeningRun): ListeningRunOptions {
    if (!this.#network) throw new SpeechError('internal', 'got start without a network, expected load first');
    const {host, audioThread} = this.#network;
    const observer: CaptureObserver = {
      onStatus: (status) => {
        this.#apply({kind: 'microphone', status});
      },
      onLost: (error) => void this.#failRun(run, error),
    };
    return {host, audioThread, detection: () => this.#detection, observer};
  }

  #onFact(fact: WorkerFact): void {
    switch (fact.kind) {
      case 'progress':
        this.dispatchEvent(
          new KwsProgressEvent({phase: fact.phase, loaded: fact.loadedBytes, total: fact.totalBytes}),
        );
        break;
      case 'fallback':
        this.#network?.fallBack(fact); // while loading, the reply tells it
        break;
      case 'error':
        this.#onWorkerError(fromErrorReport(fact.error));
        break;
      default:
        if (this.info && this.#state.name === 'listening') this.dispatchEvent(eventOf(fact, this.info));
    }
  }

  /** After an error of its own the worker is not trusted any more: the next start loads into a new one. */
  #onWorkerError(error: SpeechError): void {
    if (this.#state.name === 'loading') return; // the load request rejects with it
    this.#unload();
    if (this.#run) void this.#failRun(this.#run, error);
    else this.#fail(error);
  }

  async #end(run: ListeningRun, reason: unknown): Promise<void> {
    if (this.#run === run) this.#apply({kind: 'stop'});
    await run.end(reason);
    if (this.#run !== run) return; // another one has begun, or this one has failed
    this.#run = undefined;
    this.#apply({kind: 'stopped'});
  }

  async #failRun(run: ListeningRun, error: SpeechError): Promise<void> {
    const {name} = this.#state;
    if (this.#run === run) this.#run = undefined;
    const ended = run.end(error);
    if (name === 'listening' || name === 'stopping') this.#fail(error);
    else this.#apply({kind: 'fail', error}); // told by the promise of `start`
    await ended;
  }

  /** A failure that no promise of the page's tells. */
  #fail(error: SpeechError): void {
    this.#apply({kind: 'fail', error});
    this.dispatchEvent(new KwsErrorEvent({error}));
  }

  #unload(): void {
    this.#network?.dispose();
    this.#network = undefined;
  }

  #apply(event: SessionEvent): void {
    const state = nextState(this.#state, event);
    if (state === this.#state) return;
    this.#state = state;
    const chosenBecause = state.name === 'ready' ? this.info?.chosenBecause : undefined;
    this.dispatchEvent(new KwsStateEvent({state, chosenBecause}));
  }

  #require(what: string, names: readonly SessionState['name'][]): void {
    if (names.includes(this.#state.name)) return;
    throw new DOMException(
      `got ${what} while ${this.#state.name}, expected ${names.join(' or ') || 'stop first'}`,
      'InvalidStateError',
    );
  }
}

function stopReason(): DOMException {
  return new DOMException('listening was stopped', 'AbortError');
}
