import type {EngineAssets} from '../src/engine/engine.ts';
import type {FileLibrary} from '../src/models/file-library.ts';
import {assertNever} from '../src/protocol/assert-never.ts';
import type {
  FromEngine,
  ListeningStats,
  ListenRequest,
  Reply,
  Request,
  RequestKind,
  Requests,
  ToEngine,
} from '../src/protocol/messages.ts';
import {policyError, type PolicyViolation} from '../src/protocol/policy-error.ts';
import {SpeechError, toErrorReport} from '../src/protocol/speech-error.ts';
import type {TranscribeFileRequest, TranscribeRequest} from '../src/protocol/transcription-messages.ts';
import {KeywordService} from './keyword-service.ts';
import {ListeningRun} from './listening-run.ts';
import type {ModelService} from './model-service.ts';
import type {LoadContext} from './network-loader.ts';
import type {WorkerStorage} from './open-library.ts';
import type {TranscriptionService} from './transcription-service.ts';

type Handlers = {
  [Kind in RequestKind]: (
    payload: Requests[Kind][0],
    signal: AbortSignal,
  ) => Requests[Kind][1] | Promise<Requests[Kind][1]>;
};

/** What runs until it is stopped: a listening run, or a recording that is being read. */
interface Run {
  stop(): Promise<ListeningStats>;
}

/**
 * Answers the page: one loaded network, at most one run. Worker.
 * Every request is answered by exactly one reply or failure, cancelled ones too (the page drops those by id).
 */
export class SpeechService {
  readonly #post: (message: FromEngine) => void;
  readonly #assets: EngineAssets;
  readonly #storage: WorkerStorage;
  readonly #pending = new Map<number, AbortController>();
  readonly #keywords = new KeywordService();
  #transcription: TranscriptionService | undefined; // its code comes with the first transcriber
  #library: Promise<FileLibrary> | undefined; // its code comes with the first file
  #models: ModelService | undefined; // its code comes with the first question about models
  #run: Run | undefined;
  #previousRun: ListeningRun | undefined;
  #refusal: SpeechError | undefined; // what the site's policy refused since the last load began

  readonly #handlers: Handlers = {
    load: (payload, signal) => this.#load((context) => this.#keywords.load(payload, context), signal),
    listen: (payload) => this.#listen(payload),
    configure: (payload) => {
      this.#keywords.configure(payload);
      return null;
    },
    stop: () => this.#stop(),
    'load-transcriber': (payload, signal) =>
      this.#load(async (context) => (await this.#openTranscription()).load(payload, context), signal),
    transcribe: (payload) => this.#transcribe(payload),
    'lasts-longer': async ({file, seconds}, signal) => {
      const {lastsLonger} = await import('../src/formats/lasts-longer.ts');
      return await lastsLonger(file, seconds, signal);
    },
    'transcribe-file': (payload, signal) => this.#transcribeFile(payload, signal),
    'estimate-speed': (payload, signal) =>
      this.#load(
        async (context) => (await this.#openTranscription()).estimateSpeed(payload, context),
        signal,
      ),
    'question-before': async (payload, signal) => (await this.#openModels()).questionBefore(payload, signal),
    'list-models': async (payload, signal) => (await this.#openModels()).list(payload, signal),
    'get-model': async (payload, signal) => (await this.#openModels()).get(payload, signal),
    'verify-model': async (payload, signal) => (await this.#openModels()).verify(payload, signal),
    'remove-model': async (payload, signal) => (await this.#openModels()).remove(payload, signal),
    'add-model': async (payload, signal) => (await this.#openModels()).add(payload, signal),
    'estimate-storage': async () => (await this.#openModels()).estimate(),
  };

  constructor(post: (message: FromEngine) => void, assets: EngineAssets, storage: WorkerStorage) {
    this.#post = post;
    this.#assets = assets;
    this.#storage = storage;
  }

  /** Takes one message of the page. */
  receive(message: ToEngine): void {
    if (message.kind === 'cancel') this.#pending.get(message.id)?.abort();
    else if (Object.hasOwn(this.#handlers, message.kind)) void this.#answer(message);
    else assertNever(message as never); // of another version
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

  async #load<Info>(load: (context: LoadContext) => Promise<Info>, signal: AbortSignal): Promise<Info> {
    if (this.#run) throw new SpeechError('internal', 'got load while listening, expected stop first');
    this.#refusal = undefined;
    const context = {
      signal,
      assets: this.#assets,
      storage: this.#storage,
      openLibrary: this.#openLibrary,
      post: this.#post,
    };
    return await load(context).catch(async (error: unknown) => {
      // the event that tells of a refused download comes a task after its failure, and engines tell nothing
      await new Promise((resolve) => setTimeout(resolve));
      // what says so itself says more
      throw toErrorReport(error).code === 'csp-blocked' ? error : (this.#refusal ?? error);
    });
  }

  #listen(request: ListenRequest): null {
    this.#refuseSecondRun('listen');
    const pipeline = this.#keywords.listen(request, this.#post);
    return this.#begin(new ListeningRun(pipeline, request.port, this.#post, this.#previousRun));
  }

  #transcribe(request: TranscribeRequest): null {
    this.#refuseSecondRun('transcribe');
    const pipeline = this.#loadedTranscription.listen(request, this.#post);
    return this.#begin(new ListeningRun(pipeline, request.port, this.#post, this.#previousRun));
  }

  async #transcribeFile(request: TranscribeFileRequest, signal: AbortSignal): Promise<ListeningStats> {
    this.#refuseSecondRun('transcribe-file');
    const reading = new AbortController(); // by the page's cancel, or by `stop`
    signal.addEventListener('abort', () => {
      reading.abort(signal.reason);
    });
    const done = this.#loadedTranscription.read(request, this.#post, reading.signal);
    const run: Run = {
      stop: () => {
        reading.abort();
        return done;
      },
    };
    this.#run = run;
    try {
      return await done;
    } finally {
      if (this.#run === run) this.#run = undefined;
    }
  }

  #begin(run: ListeningRun): null {
    this.#run = run;
    this.#previousRun = run;
    return null;
  }

  readonly #openLibrary = async (): Promise<FileLibrary> => {
    const {openLibrary} = await import('./open-library.ts');
    return await (this.#library ??= openLibrary(this.#storage));
  };

  async #openModels(): Promise<ModelService> {
    const {ModelService} = await import('./model-service.ts');
    return (this.#models ??= new ModelService(await this.#openLibrary(), this.#post));
  }

  async #openTranscription(): Promise<TranscriptionService> {
    const {TranscriptionService} = await import('./transcription-service.ts');
    return (this.#transcription ??= new TranscriptionService());
  }

  get #loadedTranscription(): TranscriptionService {
    if (this.#transcription) return this.#transcription;
    throw new SpeechError('internal', 'got no transcriber, expected load-transcriber first');
  }

  #refuseSecondRun(kind: RequestKind): void {
    if (this.#run)
      throw new SpeechError('internal', `got ${kind} while another run is on, expected stop first`);
  }

  async #stop(): Promise<ListeningStats> {
    const run = this.#run;
    if (!run) throw new SpeechError('internal', 'got stop, expected listen first');
    this.#run = undefined;
    return await run.stop();
  }
}
