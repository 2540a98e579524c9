import type {EngineAssets} from '../src/engine/engine.ts';
import {assertNever} from '../src/protocol/assert-never.ts';
import type {
  DetectionOptions,
  FromEngine,
  ListeningStats,
  ListenRequest,
  LoadReply,
  LoadRequest,
  Reply,
  Request,
  RequestKind,
  Requests,
  ToEngine,
} from '../src/protocol/messages.ts';
import {policyError, type PolicyViolation} from '../src/protocol/policy-error.ts';
import {SpeechError, toErrorReport} from '../src/protocol/speech-error.ts';
import type {ChoiceStorage} from './choice-memory.ts';
import {ListeningRun} from './listening-run.ts';
import {loadForPage, type LoadedClassifier} from './load-for-page.ts';

type Handlers = {
  [Kind in RequestKind]: (
    payload: Requests[Kind][0],
    signal: AbortSignal,
  ) => Requests[Kind][1] | Promise<Requests[Kind][1]>;
};

/**
 * Answers the page: one loaded network, at most one listening run. Worker.
 * Every request is answered by exactly one reply or failure, cancelled ones too (the page drops those by id).
 */
export class SpeechService {
  readonly #post: (message: FromEngine) => void;
  readonly #assets: EngineAssets;
  readonly #storage: ChoiceStorage;
  readonly #pending = new Map<number, AbortController>();
  #loaded: LoadedClassifier | undefined;
  #run: ListeningRun | undefined;
  #previousRun: ListeningRun | undefined;
  #refusal: SpeechError | undefined; // what the site's policy refused since the last load began

  readonly #handlers: Handlers = {
    load: (payload, signal) => this.#load(payload, signal),
    listen: (payload) => this.#listen(payload),
    configure: (payload) => this.#configure(payload),
    stop: () => this.#stop(),
  };

  constructor(post: (message: FromEngine) => void, assets: EngineAssets, storage: ChoiceStorage) {
    this.#post = post;
    this.#assets = assets;
    this.#storage = storage;
  }

  /** Takes one message of the page. */
  receive(message: ToEngine): void {
    switch (message.kind) {
      case 'cancel':
        this.#pending.get(message.id)?.abort();
        break;
      case 'load':
      case 'listen':
      case 'configure':
      case 'stop':
        void this.#answer(message);
        break;
      default:
        assertNever(message);
    }
  }

  /** Takes a violation of the site's policy: the reason why a load that fails now does so. */
  noticeViolation(violation: PolicyViolation): void {
    this.#refusal ??= policyError(violation);
  }

  async #answer({kind, id, payload}: Request): Promise<void> {
    const controller = new AbortController();
    this.#pending.set(id, controller);
    try {
      // the union ties payload to kind, which an index by kind cannot express
      const handle = this.#handlers[kind] as (payload: unknown, signal: AbortSignal) => unknown;
      const reply = await handle(payload, controller.signal);
      this.#post({kind: 'reply', request: kind, id, payload: reply} as Reply);
    } catch (error) {
      this.#post({kind: 'failure', id, error: toErrorReport(error)});
    } finally {
      this.#pending.delete(id);
    }
  }

  async #load(request: LoadRequest, signal: AbortSignal): Promise<LoadReply> {
    if (this.#run) throw new SpeechError('internal', 'got load while listening, expected stop first');
    this.#refusal = undefined;
    const context = {signal, assets: this.#assets, storage: this.#storage, post: this.#post};
    const loaded = await loadForPage(request, context).catch(async (error: unknown) => {
      // the event that tells of a refused download comes a task after its failure, and engines tell nothing
      await new Promise((resolve) => setTimeout(resolve));
      throw this.#refusal ?? error;
    });
    this.#loaded?.classifier.model.dispose();
    this.#loaded = loaded;
    return loaded.reply;
  }

  #listen(request: ListenRequest): null {
    if (!this.#loaded) throw new SpeechError('internal', 'got listen, expected load first');
    if (this.#run) throw new SpeechError('internal', 'got listen while listening, expected stop first');
    this.#run = new ListeningRun(this.#loaded.classifier, request, this.#post, this.#previousRun);
    return null;
  }

  #configure({threshold}: DetectionOptions): null {
    if (threshold !== undefined) this.#run?.setThreshold(threshold);
    return null;
  }

  #stop(): ListeningStats {
    if (!this.#run) throw new SpeechError('internal', 'got stop, expected listen first');
    const stats = this.#run.stop();
    this.#previousRun = this.#run;
    this.#run = undefined;
    return stats;
  }
}
