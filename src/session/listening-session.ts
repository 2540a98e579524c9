import type {CaptureObserver} from '../capture/audio-capture.ts';
import {Microphone} from '../capture/microphone.ts';
import type {SessionState} from '../events/session-state.ts';
import type {EngineHost} from '../host/engine-host.ts';
import type {LoadedInfo, ProgressFact, WorkerFact} from '../protocol/messages.ts';
import {fromErrorReport, SpeechError, toSpeechError} from '../protocol/speech-error.ts';
import {ListeningRun, type AudioSource, type CapturedAudio} from './listening-run.ts';
import {LoadedNetwork} from './loaded-network.ts';
import {nextState, type SessionEvent} from './next-state.ts';

/** How a long operation may be ended early. */
export interface CancelOptions {
  readonly signal?: AbortSignal;
}

/** What tells one kind of session from another. */
export interface SessionHooks<Info extends LoadedInfo> {
  /** Where the page says that worker, worklet and models lie. */
  readonly assetBase: URL | undefined;
  /** Asks the worker to load. */
  load(host: EngineHost, signal: AbortSignal): Promise<Info>;
  /**
   * Asks the worker to listen. Options are read now: the visitor may have taken a minute to allow the microphone.
   */
  listen(host: EngineHost, audio: CapturedAudio, signal: AbortSignal): Promise<unknown>;
  onState(state: SessionState): void;
  onProgress(progress: ProgressFact): void;
  /** Told of what the worker hears; after `ready`, and of live facts while listening only. */
  onFact(fact: SessionFact): void;
  /** A failure that no promise of the page's tells. */
  onError(error: SpeechError): void;
}

/** What is left for a kind of session to tell the page. */
export type SessionFact = Exclude<WorkerFact, {readonly kind: 'progress' | 'fallback' | 'error'}>;

/**
 * The life of one session: loads a network into a worker of its own, opens and releases the microphone, and keeps the
 * state. Page thread.
 */
export class ListeningSession<Info extends LoadedInfo> {
  readonly #hooks: SessionHooks<Info>;
  #state: SessionState = {name: 'idle'};
  #loading: AbortController | undefined;
  #network: LoadedNetwork<Info> | undefined;
  #run: ListeningRun | undefined;
  #reading: AbortController | undefined;
  #readingEnded: Promise<unknown> = Promise.resolve(); // in the worker

  constructor(hooks: SessionHooks<Info>) {
    this.#hooks = hooks;
  }

  /** Where the session is. */
  get state(): SessionState {
    return this.#state;
  }

  /** What is loaded; undefined until then. */
  get info(): Info | undefined {
    return this.#network?.info;
  }

  /** The worker, once the network is loaded. */
  get host(): EngineHost | undefined {
    return this.#network?.host;
  }

  /**
   * Fetches the network and makes it ready; at once where it is.
   * @throws SpeechError as the worker says; DOMException InvalidStateError while loading or after `dispose`.
   */
  async load({signal}: CancelOptions = {}): Promise<void> {
    if (this.#network) return;
    this.#require('load', ['idle', 'failed']);
    signal?.throwIfAborted();
    const {controller: loading, unfollow} = follow(signal);
    this.#loading = loading;
    this.#apply({kind: 'load'});
    try {
      const network = await LoadedNetwork.load({
        assetBase: this.#hooks.assetBase,
        signal: loading.signal,
        load: (host) => this.#hooks.load(host, loading.signal),
        onFact: (fact) => {
          this.#onFact(fact);
        },
      });
      if (loading.signal.aborted) network.dispose(); // between its last step and this one
      loading.signal.throwIfAborted();
      this.#network = network;
      this.#apply({kind: 'loaded'});
    } catch (error) {
      const isCancelled = loading.signal.aborted || isAbort(error);
      this.#apply(isCancelled ? {kind: 'load-cancelled'} : {kind: 'fail', error: toSpeechError(error)});
      throw error;
    } finally {
      unfollow();
      this.#loading = undefined;
    }
  }

  /**
   * Listens until what it gives is called, `stop`, the signal's abort, or a failure; loads first where that was not
   * done.
   * @returns what ends this run, and no other.
   * @throws SpeechError as `load` and the microphone say; AbortError where stopped meanwhile; DOMException
   * InvalidStateError while it listens already or after `dispose`.
   */
  async start(
    source: AudioSource = new Microphone(),
    {signal}: CancelOptions = {},
  ): Promise<() => Promise<void>> {
    this.#require('start', this.#isTaken ? [] : ['idle', 'ready', 'failed']);
    signal?.throwIfAborted();
    const run = new ListeningRun(source);
    this.#run = run;
    signal?.addEventListener('abort', () => void this.#end(run, signal.reason), {signal: run.signal});
    try {
      if (!this.#network) await this.load({signal: run.signal});
      this.#apply({kind: 'start'});
      const microphone = await this.#begin(run);
      this.#apply({kind: 'started', microphone});
      return () => this.#end(run, stopReason());
    } catch (error) {
      if (run.signal.aborted || isAbort(error)) {
        await this.#end(run, error);
        throw error;
      }
      const failure = toSpeechError(error);
      await this.#failRun(run, failure);
      throw failure;
    }
  }

  /**
   * Has the worker read a recording; loads first where that was not done.
   * @param read asks the worker and resolves when it has read all.
   * @throws what `load` and `read` throw; the signal's reason once it aborts; AbortError where stopped meanwhile;
   * DOMException InvalidStateError while it listens or reads already, or after `dispose`.
   */
  async read<Result>(
    read: (host: EngineHost, signal: AbortSignal) => Promise<Result>,
    {signal}: CancelOptions = {},
  ): Promise<Result> {
    this.#require('transcribe', this.#isTaken ? [] : ['idle', 'ready', 'failed']);
    signal?.throwIfAborted();
    const {controller: reading, unfollow} = follow(signal);
    this.#reading = reading;
    try {
      if (!this.#network) await this.load({signal: reading.signal});
      await this.#readingEnded; // of one that was cut short: what it still tells is not of this one
      reading.signal.throwIfAborted();
      this.#apply({kind: 'read'});
      return await read(this.#loaded.host, reading.signal);
    } catch (error) {
      if (reading.signal.aborted) this.#readingEnded = this.#stopReading();
      throw error;
    } finally {
      unfollow();
      this.#reading = undefined;
      if (this.#state.name === 'transcribing') this.#apply({kind: 'stopped'});
    }
  }

  /**
   * Releases the microphone at once; resolves when the worker has stopped too. Ends loading and the reading of a
   * recording, which then reject. Does nothing where nothing runs.
   */
  async stop(): Promise<void> {
    this.#loading?.abort(stopReason());
    this.#reading?.abort(stopReason());
    if (this.#run) await this.#end(this.#run, stopReason());
  }

  /** Releases microphone, worker and memory. Idempotent; nothing works afterwards. */
  dispose(): void {
    const reason = new DOMException('the session was disposed of', 'AbortError');
    this.#loading?.abort(reason);
    this.#reading?.abort(reason);
    void this.#run?.end(reason);
    this.#unload();
    this.#apply({kind: 'dispose'});
  }

  async #begin(run: ListeningRun): Promise<Extract<SessionState, {name: 'listening'}>['microphone']> {
    const {host, audioThread} = this.#loaded;
    const observer: CaptureObserver = {
      onStatus: (status) => {
        this.#apply({kind: 'microphone', status});
      },
      onLost: (error) => void this.#failRun(run, error),
    };
    const listen = (audio: CapturedAudio): Promise<unknown> => this.#hooks.listen(host, audio, run.signal);
    return await run.begin({host, audioThread, listen, observer});
  }

  /** A run or a reading is on, or waits for one that was cut short to end. */
  get #isTaken(): boolean {
    return this.#run !== undefined || this.#reading !== undefined;
  }

  async #stopReading(): Promise<void> {
    try {
      await this.#network?.host.request('stop', null);
    } catch {
      // it had ended by itself, or the worker is gone
    }
  }

  get #loaded(): LoadedNetwork<Info> {
    if (!this.#network) throw new SpeechError('internal', 'got no network, expected load first');
    return this.#network;
  }

  #onFact(fact: WorkerFact): void {
    switch (fact.kind) {
      case 'progress':
        this.#hooks.onProgress(fact);
        break;
      case 'fallback':
        this.#network?.fallBack(fact); // while loading, the reply tells it
        break;
      case 'error':
        this.#onWorkerError(fromErrorReport(fact.error));
        break;
      default:
        this.#hooks.onFact(fact);
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

  #fail(error: SpeechError): void {
    this.#apply({kind: 'fail', error});
    this.#hooks.onError(error);
  }

  #unload(): void {
    this.#network?.dispose();
    this.#network = undefined;
  }

  #apply(event: SessionEvent): void {
    const state = nextState(this.#state, event);
    if (state === this.#state) return;
    this.#state = state;
    this.#hooks.onState(state);
  }

  #require(what: string, names: readonly SessionState['name'][]): void {
    if (names.includes(this.#state.name)) return;
    throw new DOMException(
      `got ${what} while ${this.#state.name}, expected ${names.join(' or ') || 'stop first'}`,
      'InvalidStateError',
    );
  }
}

/** A controller that aborts with the page's signal too, until it is told to follow it no longer. */
function follow(signal: AbortSignal | undefined): {
  readonly controller: AbortController;
  readonly unfollow: () => void;
} {
  const controller = new AbortController();
  const cancel = (): void => {
    controller.abort(signal?.reason);
  };
  signal?.addEventListener('abort', cancel);
  return {controller, unfollow: () => signal?.removeEventListener('abort', cancel)};
}

function stopReason(): DOMException {
  return new DOMException('listening was stopped', 'AbortError');
}

/** Whether somebody decided so: what is not loaded because a download was declined has not failed. */
function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
