import {
  KwsErrorEvent,
  KwsProgressEvent,
  KwsStateEvent,
  type KeywordDetection,
} from '../events/keyword-events.ts';
import type {SessionState} from '../events/session-state.ts';
import {KeywordEventTarget} from '../events/typed-event-target.ts';
import type {DetectionOptions, LoadRequest} from '../protocol/messages.ts';
import type {KeywordCard} from '../systems/card.ts';
import type {ThresholdChoice} from '../systems/operating-point.ts';
import {checkCount, THREAD_COUNT} from './check-count.ts';
import {checkDetection} from './check-detection.ts';
import {checkEngine} from './check-engine.ts';
import {checkRange} from './check-range.ts';
import {keywordEventOf} from './event-of.ts';
import {eventsOfRun} from './events-of-run.ts';
import {checkSystem} from './keyword-cards.ts';
import type {AudioSource} from './listening-run.ts';
import {ListeningSession, type CancelOptions, type SessionHooks} from './listening-session.ts';
import {askWithin, checkSources, modelsRequest, type ModelSources} from './model-sources.ts';
import type {KeywordSpotterOptions, LoadedSystem, LoadOptions} from './spotter-options.ts';

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
  readonly #sources: ModelSources;
  readonly #session: ListeningSession<LoadedSystem>;
  #detection: DetectionOptions;

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
    checkCount('threadCount', options.threadCount, THREAD_COUNT);
    this.#sources = checkSources(options);
    this.#session = new ListeningSession(this.#hooks());
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
    return this.#session.state;
  }

  /** What is loaded: labels, engine, numerics, which weights. Undefined until then. Changes where the GPU is lost. */
  get info(): LoadedSystem | undefined {
    return this.#session.info;
  }

  /** Smoothed posterior at which a keyword is reported now; for `auto:<rate>/h` the one that was picked. */
  get threshold(): number {
    return this.#detection.threshold ?? this.#card.defaults.threshold;
  }

  /**
   * Fetches the network and makes it ready; at once where it is.
   * @throws SpeechError as the static `load`; DOMException InvalidStateError while loading or after `dispose`.
   */
  async load(options: CancelOptions = {}): Promise<void> {
    await this.#session.load(options);
  }

  /**
   * Listens until `stop`, the signal's abort, or a failure (told by `kws-error`); loads first where that was not done.
   * @throws SpeechError as `load` and the microphone say; AbortError where stopped meanwhile; DOMException
   * InvalidStateError while it listens already or after `dispose`.
   */
  async start(source?: AudioSource, options: CancelOptions = {}): Promise<void> {
    await this.#session.start(source, options);
  }

  /** Releases the microphone at once; resolves when the worker has stopped too. Does nothing where nothing runs. */
  async stop(): Promise<void> {
    await this.#session.stop();
  }

  /**
   * Detections of one listening run: `for await (const hit of spotter.listen(microphone))`. The loop starts the run,
   * so nothing happens before its first step; leaving the loop stops that run.
   * @throws SpeechError as `start`, and where listening fails; the signal's reason once it aborts.
   */
  listen(source?: AudioSource, options: CancelOptions = {}): AsyncGenerator<KeywordDetection, void, void> {
    const names = {item: 'kws-detect', state: 'kws-state'};
    return eventsOfRun(this, names, () => this.#session.start(source, options), options.signal);
  }

  /**
   * Changes the threshold, while listening too.
   * @param threshold 0.01…1, or `auto:<rate>/h` by the operating curve on the system's card.
   * @throws RangeError for what is neither, or a rate that the curve does not reach; SpeechError where the worker ends
   * meanwhile.
   */
  async setThreshold(threshold: ThresholdChoice): Promise<void> {
    this.#detection = checkDetection({...this.#detection, threshold}, this.#card);
    await this.#session.host?.request('configure', {threshold: this.threshold});
  }

  /** Releases microphone, worker and memory. Idempotent; nothing works afterwards. */
  dispose(): void {
    this.#session.dispose();
  }

  #hooks(): SessionHooks<LoadedSystem> {
    return {
      assetBase: this.#sources.assetBase,
      load: async (host, signal) => {
        const request = this.#loadRequest();
        await askWithin(request.weights ? [] : [this.systemId], this.#sources, {host, signal});
        return await host.request('load', request, signal);
      },
      listen: (host, {sampleRateHz, port}, signal) =>
        host.request('listen', {sampleRateHz, port, detection: this.#detection}, signal),
      onState: (state) => {
        const chosenBecause = state.name === 'ready' ? this.info?.chosenBecause : undefined;
        this.dispatchEvent(new KwsStateEvent({state, chosenBecause}));
      },
      onProgress: ({phase, loadedBytes: loaded, totalBytes: total, bytesPerSecond: rate}) => {
        this.dispatchEvent(new KwsProgressEvent({phase, loaded, total, rate}));
      },
      onFact: (fact) => {
        if (this.info && this.state.name === 'listening') this.dispatchEvent(keywordEventOf(fact, this.info));
      },
      onError: (error) => {
        this.dispatchEvent(new KwsErrorEvent({error}));
      },
    };
  }

  #loadRequest(): LoadRequest {
    const {
      weights,
      allowUnverified = false,
      engine,
      engineBudgetMs,
      numerics,
      threadCount,
      incremental,
    } = this.#options;
    const {hopMs} = this.#detection;
    return {
      ...modelsRequest(this.#sources),
      systemId: this.systemId,
      allowUnverified,
      ...(weights && {weights}),
      ...(engine && {engine}),
      ...(engineBudgetMs !== undefined && {engineBudgetMs}),
      ...(numerics && {numerics}),
      ...(threadCount !== undefined && {threadCount}),
      ...(incremental && {incremental: hopMs === undefined ? {} : {hopMs}}),
    };
  }
}
