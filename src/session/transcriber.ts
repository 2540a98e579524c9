import {decodeAudioFile, sniffBrowserFormat} from '../capture/decode-audio-file.ts';
import {
  TranscriptErrorEvent,
  TranscriptProgressEvent,
  TranscriptStateEvent,
  type TranscriptFinalEvent,
} from '../events/transcript-events.ts';
import type {SessionState} from '../events/session-state.ts';
import {TranscriptEventTarget} from '../events/typed-event-target.ts';
import type {TranscriberLoadRequest, TranscriptionOptions} from '../protocol/transcription-messages.ts';
import {chooseLanguageModel} from '../systems/choose-language-model.ts';
import type {TranscriptUtterance} from '../transcript/transcript.ts';
import {checkCount, THREAD_COUNT} from './check-count.ts';
import {checkEngine} from './check-engine.ts';
import {checkWord} from './check-word.ts';
import {checkFullScale, checkLanguageModel, checkTranscription} from './check-transcription.ts';
import {transcriptEventOf} from './event-of.ts';
import {estimateSpeed, type EstimateOptions} from './estimate-speed.ts';
import {eventsOfRun} from './events-of-run.ts';
import type {AudioSource} from './listening-run.ts';
import {ListeningSession, type CancelOptions, type SessionHooks} from './listening-session.ts';
import {askWithin, checkSources, modelsRequest, type ModelSources} from './model-sources.ts';
import type {
  LoadedTranscriber,
  RecordingOptions,
  TranscriberLoadOptions,
  TranscriberOptions,
} from './transcriber-options.ts';
import {findTranscriber} from './transcription-cards.ts';

/** States in which something is heard; while stopping, what was said last. */
const HEARS: ReadonlySet<SessionState['name']> = new Set(['listening', 'transcribing', 'stopping']);

/**
 * Writes down what is said, on the visitor's own device. Page thread; everything heavy runs in a worker of its own.
 * Between `ready` and `dispose` it causes no request of any kind.
 */
export class Transcriber extends TranscriptEventTarget {
  readonly systemId: string;
  readonly #options: TranscriberOptions;
  readonly #transcription: TranscriptionOptions;
  readonly #languageModel: Blob | 'built-in' | undefined;
  readonly #sources: ModelSources;
  readonly #session: ListeningSession<LoadedTranscriber>;

  /**
   * @param systemId a transcriber of the catalogue; fetched by `load`, or the first `start` or `transcribe`.
   * @throws RangeError for a system that is not in the catalogue, an engine that nobody knows, an option out of its
   * range.
   */
  constructor(systemId = 'earshot-ctc', options: TranscriberOptions = {}) {
    super();
    this.systemId = systemId;
    this.#options = options;
    const card = findTranscriber(systemId);
    checkEngine(options.engine);
    checkCount('threadCount', options.threadCount, THREAD_COUNT);
    checkLanguageModel(options.languageModel);
    checkFullScale(options.fullScale, card);
    this.#transcription = checkTranscription(options, card);
    this.#languageModel = chooseLanguageModel(card, options.languageModel, options.decoding);
    this.#sources = checkSources(options);
    this.#session = new ListeningSession(this.#hooks());
  }

  /**
   * A transcriber that is ready.
   * @throws SpeechError `network`, `model-integrity`, `model-format`, `engine-unavailable`, `csp-blocked`; the
   * signal's reason once it aborts.
   */
  static async load(systemId?: string, options: TranscriberLoadOptions = {}): Promise<Transcriber> {
    const transcriber = new Transcriber(systemId, options);
    if (options.onProgress) transcriber.addEventListener('transcript-progress', options.onProgress);
    try {
      await transcriber.load(options);
    } catch (error) {
      transcriber.dispose();
      throw error;
    }
    return transcriber;
  }

  /**
   * How many seconds of computing a second of sound is likely to take a transcriber on this device: below 1 is faster than
   * speech. Takes some 2 s, in a worker of its own. Nothing is fetched of a network that comes from a checkpoint: a part of
   * it with invented weights is timed. The network itself is timed of the others: built in, or from `weights`. What
   * wav2vec2-base takes for text before the end of an utterance is included, as of a long one.
   * @throws RangeError for a system that is not in the catalogue; SpeechError as `load`; the signal's reason once it
   * aborts.
   */
  static async estimateRealTimeFactor(systemId: string, options: EstimateOptions = {}): Promise<number> {
    return await estimateSpeed(systemId, options);
  }

  /** Where the session is. */
  get state(): SessionState {
    return this.#session.state;
  }

  /** What is loaded: engine, numerics, which weights. Undefined until then. Changes where the GPU is lost. */
  get info(): LoadedTranscriber | undefined {
    return this.#session.info;
  }

  /**
   * Fetches the network and makes it ready; at once where it is.
   * @throws SpeechError as the static `load`; DOMException InvalidStateError while loading or after `dispose`.
   */
  async load(options: CancelOptions = {}): Promise<void> {
    await this.#session.load(options);
  }

  /**
   * Listens until `stop`, the signal's abort, or a failure (told by `transcript-error`); loads first where that was not
   * done.
   * @throws SpeechError as `load` and the microphone say; AbortError where stopped meanwhile; DOMException
   * InvalidStateError while it listens or reads a recording already, or after `dispose`.
   */
  async start(source?: AudioSource, options: CancelOptions = {}): Promise<void> {
    await this.#session.start(source, options);
  }

  /**
   * Releases the microphone at once; resolves when what was said last is written down too. Ends the reading of a
   * recording, which then rejects. Does nothing where nothing runs.
   */
  async stop(): Promise<void> {
    await this.#session.stop();
  }

  /**
   * Utterances of one listening run: `for await (const {text} of transcriber.listen(microphone))`. The loop starts the
   * run, so nothing happens before its first step; leaving the loop stops that run.
   * @throws SpeechError as `start`, and where listening fails; the signal's reason once it aborts.
   */
  listen(source?: AudioSource, options: CancelOptions = {}): AsyncGenerator<TranscriptUtterance, void, void> {
    const names = {item: 'transcript-final', state: 'transcript-state'};
    return eventsOfRun(this, names, () => this.#session.start(source, options), options.signal);
  }

  /**
   * Writes down a recording. WAV and FLAC of any length are read piece by piece; what only the browser can decode is
   * decoded whole, up to 30 minutes. Its utterances are told by `transcript-final` as they come, and `transcript-progress`
   * says how much has been read.
   * @throws SpeechError `audio-format` for what cannot be read, or is too long for one utterance where it is to be one,
   * and as `load`; RangeError for a segmentation that nobody knows; the signal's reason once it aborts;
   * AbortError where stopped meanwhile; DOMException InvalidStateError while it listens or reads already, or after
   * `dispose`.
   */
  async transcribe(
    recording: Blob,
    {segmentation = 'speech', ...options}: RecordingOptions = {},
  ): Promise<readonly TranscriptUtterance[]> {
    checkWord('segmentation', segmentation, ['speech', 'none']);
    const utterances: TranscriptUtterance[] = [];
    const keep = (utterance: TranscriptFinalEvent): void => {
      utterances.push(utterance);
    };
    await this.#session.read(async (host, signal) => {
      const isForBrowser = (await sniffBrowserFormat(recording)) !== undefined;
      const lastsLonger = (file: Blob, seconds: number): Promise<boolean> =>
        host.request('lasts-longer', {file, seconds}, signal);
      const audio = isForBrowser ? await decodeAudioFile(recording, {signal, lastsLonger}) : recording;
      this.addEventListener('transcript-final', keep);
      try {
        const request = {audio, segmentation, transcription: this.#transcription};
        await host.request('transcribe-file', request, signal);
      } finally {
        this.removeEventListener('transcript-final', keep);
      }
    }, options);
    return utterances;
  }

  /** Releases microphone, worker and memory. Idempotent; nothing works afterwards. */
  dispose(): void {
    this.#session.dispose();
  }

  #hooks(): SessionHooks<LoadedTranscriber> {
    return {
      assetBase: this.#sources.assetBase,
      load: async (host, signal) => {
        const request = this.#loadRequest();
        await askWithin(modelsOf(request), this.#sources, {host, signal});
        return await host.request('load-transcriber', request, signal);
      },
      listen: (host, {sampleRateHz, port}, signal) =>
        host.request('transcribe', {sampleRateHz, port, transcription: this.#transcription}, signal),
      onState: (state) => {
        const chosenBecause = state.name === 'ready' ? this.info?.chosenBecause : undefined;
        this.dispatchEvent(new TranscriptStateEvent({state, chosenBecause}));
      },
      onProgress: ({phase, loadedBytes: loaded, totalBytes: total, bytesPerSecond: rate}) => {
        this.dispatchEvent(new TranscriptProgressEvent({phase, loaded, total, rate}));
      },
      onFact: (fact) => {
        if (this.info && HEARS.has(this.state.name)) this.dispatchEvent(transcriptEventOf(fact, this.info));
      },
      onError: (error) => {
        this.dispatchEvent(new TranscriptErrorEvent({error}));
      },
    };
  }

  #loadRequest(): TranscriberLoadRequest {
    const {
      weights,
      allowUnverified = false,
      engine,
      numerics,
      threadCount,
      fullScale,
      vectors,
    } = this.#options;
    const languageModel = this.#languageModel;
    return {
      ...modelsRequest(this.#sources),
      systemId: this.systemId,
      allowUnverified,
      ...(weights && {weights}),
      ...(engine && {engine}),
      ...(numerics && {numerics}),
      ...(threadCount !== undefined && {threadCount}),
      ...(languageModel && {languageModel}),
      ...(fullScale && {fullScale}),
      ...(vectors && {vectors}),
    };
  }
}

/** The models of the catalogue that are loaded: not what the page gives itself. */
function modelsOf({systemId, weights, languageModel}: TranscriberLoadRequest): readonly string[] {
  const hasLexicon = languageModel !== undefined && findTranscriber(systemId).phones !== undefined;
  return [
    ...(weights ? [] : [systemId]),
    ...(languageModel === 'built-in' ? ['earshot-lm'] : []),
    ...(hasLexicon ? ['earshot-lexicon'] : []),
  ];
}
