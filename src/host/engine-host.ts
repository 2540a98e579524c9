import {assertNever} from '../protocol/assert-never.ts';
import type {
  Failure,
  FromEngine,
  Reply,
  Request,
  RequestKind,
  Requests,
  ToEngine,
  WorkerFact,
} from '../protocol/messages.ts';
import {fromErrorReport, SpeechError} from '../protocol/speech-error.ts';
import {transferOf} from '../protocol/transfer.ts';
import type {SpawnedWorker} from './spawn-worker.ts';

/**
 * A request that has heard nothing for this long has lost its worker. The longest silence while loading is compiling
 * 14 MB of WebAssembly: 0.65 s on the 2-core reference machine (shared/field.md, section 2); phones get 45 × that.
 */
const SILENCE_TIMEOUT_MS = 30_000;

interface Pending {
  readonly resolve: (payload: never) => void;
  readonly reject: (reason: unknown) => void;
  readonly restartTimer: () => void;
}

/**
 * The page's side of one worker: typed requests out, replies and facts in. Page thread.
 * Every promise settles: by the reply, the signal, a time-out, the worker's end or `dispose`.
 */
export class EngineHost {
  readonly #worker: Worker;
  readonly #stopWatching: () => void;
  readonly #onFact: (fact: WorkerFact) => void;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #failure: SpeechError | undefined; // why no further request can succeed

  /** @param onFact told of everything the worker says unasked, in order; of the worker's own end as `error`. */
  constructor({worker, policyError, stopWatching}: SpawnedWorker, onFact: (fact: WorkerFact) => void) {
    this.#worker = worker;
    this.#stopWatching = stopWatching;
    this.#onFact = onFact;
    worker.onmessage = ({data}: MessageEvent<FromEngine>) => {
      this.#receive(data);
    };
    worker.onmessageerror = () => {
      this.#fail(
        new SpeechError('internal', 'got a message that cannot be read, expected one of the protocol'),
      );
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(policyError() ?? workerError(event));
    };
  }

  /**
   * Sends one request.
   * @throws SpeechError as the worker reports it; the signal's reason as soon as it aborts.
   */
  request<Kind extends RequestKind>(
    kind: Kind,
    payload: Requests[Kind][0],
    signal?: AbortSignal,
  ): Promise<Requests[Kind][1]> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const request = {kind, id: this.#nextId++, payload} as Request;
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#send({kind: 'cancel', id: request.id});
        this.#pending.get(request.id)?.reject(signal?.reason);
      };
      signal?.addEventListener('abort', cancel);
      this.#expect(request, resolve, reject, () => signal?.removeEventListener('abort', cancel));
      try {
        this.#send(request, transferOf(request));
      } catch (error) {
        this.#pending.get(request.id)?.reject(error); // what cannot be cloned: a proxy, say
      }
    });
  }

  /** Ends the worker and gives back its memory; pending requests reject with `aborted`. Idempotent. */
  dispose(): void {
    this.#fail(new SpeechError('aborted', 'the worker was disposed of'));
  }

  /** Notes that an answer is owed, and to whom. `onSettled` runs once, before either. */
  #expect(
    {id, kind}: Request,
    resolve: (payload: never) => void,
    reject: (reason: unknown) => void,
    onSettled: () => void,
  ): void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const restartTimer = (): void => {
      clearTimeout(timer);
      const silence = `got no answer to ${kind} for ${String(SILENCE_TIMEOUT_MS)} ms, expected one`;
      timer = setTimeout(() => {
        this.#fail(new SpeechError('engine-unavailable', silence));
      }, SILENCE_TIMEOUT_MS);
    };
    const settleBy =
      <Value>(settle: (value: Value) => void) =>
      (value: Value): void => {
        clearTimeout(timer);
        this.#pending.delete(id);
        onSettled();
        settle(value);
      };
    restartTimer();
    this.#pending.set(id, {resolve: settleBy(resolve), reject: settleBy(reject), restartTimer});
  }

  #send(message: ToEngine, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #receive(message: FromEngine): void {
    switch (message.kind) {
      case 'reply':
      case 'failure':
        this.#settle(message);
        break;
      case 'progress':
        for (const {restartTimer} of this.#pending.values()) restartTimer();
        this.#onFact(message);
        break;
      case 'keyword':
      case 'partial':
      case 'final':
      case 'speech-start':
      case 'speech-end':
      case 'posteriors':
      case 'level':
      case 'stats':
      case 'fallback':
      case 'error':
        this.#onFact(message);
        break;
      default:
        assertNever(message);
    }
  }

  #settle(message: Reply | Failure): void {
    const pending = this.#pending.get(message.id);
    if (!pending) return; // cancelled: nobody waits any more
    if (message.kind === 'reply') pending.resolve(message.payload as never);
    else pending.reject(fromErrorReport(message.error));
  }

  #fail(error: SpeechError): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#worker.terminate();
    this.#stopWatching();
    for (const {reject} of [...this.#pending.values()]) reject(error);
    if (error.code !== 'aborted')
      this.#onFact({kind: 'error', error: {code: error.code, message: error.message}});
  }
}

/** A worker whose file does not load gives an event without a message; only a thrown error has one. */
function workerError({message, filename, lineno}: ErrorEvent): SpeechError {
  if (message)
    return new SpeechError('internal', `got "${message}" in the worker (${filename}:${String(lineno)})`);
  return new SpeechError(
    'engine-unavailable',
    "got no worker, expected its file beside the SDK or below the assetBase, on the page's own origin",
  );
}
