import {
  AudioCapture,
  type CaptureObserver,
  type CaptureStatus,
  type OpenStream,
} from '../capture/audio-capture.ts';
import {Microphone} from '../capture/microphone.ts';
import {untilAborted} from '../capture/until-aborted.ts';
import type {AudioThread} from '../capture/audio-thread.ts';
import type {EngineHost} from '../host/engine-host.ts';

/** What is to be heard: a microphone, or any stream with audio; that is the page's to mute and to stop. */
export type AudioSource = Microphone | MediaStream;

/** What the worker needs of what is captured; the port is transferred to it. */
export type CapturedAudio = Pick<AudioCapture, 'sampleRateHz' | 'port'>;

/** What a run needs to begin. */
export interface ListeningRunOptions {
  readonly host: EngineHost;
  readonly audioThread: AudioThread;
  /** Asks the worker to listen. */
  readonly listen: (audio: CapturedAudio) => Promise<unknown>;
  readonly observer: CaptureObserver;
}

/** One go at listening, from asking for the microphone to its release; it cannot be begun again. Page thread. */
export class ListeningRun {
  readonly #source: AudioSource;
  readonly #controller = new AbortController();
  #host: EngineHost | undefined; // from the moment the worker was asked to listen
  #capture: AudioCapture | undefined;
  #ended: Promise<void> | undefined;

  constructor(source: AudioSource) {
    this.#source = source;
  }

  /** Aborts with the run. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Opens the source and connects it to the worker; gives whether sound comes in. Whatever was opened is released by
   * `end`.
   * @throws SpeechError as the microphone or the worker say; the reason given to `end`.
   */
  async begin({host, audioThread, listen, observer}: ListeningRunOptions): Promise<CaptureStatus> {
    const {signal} = this;
    signal.throwIfAborted(); // before the browser asks the visitor
    const opened = await untilAborted(openSource(this.#source), signal, ({release}) => {
      release();
    });
    const capture = new AudioCapture(opened, audioThread, observer);
    this.#capture = capture;
    this.#host = host;
    await listen(capture);
    return untilAborted(capture.settle(), signal);
  }

  /** Releases the microphone at once; resolves when the worker has stopped too. Idempotent. */
  end(reason: unknown): Promise<void> {
    this.#controller.abort(reason);
    this.#capture?.dispose();
    this.#ended ??= this.#stopWorker();
    return this.#ended;
  }

  async #stopWorker(): Promise<void> {
    try {
      await this.#host?.request('stop', null);
    } catch {
      // the worker is gone or never began: nothing of this run is left there, and its failure was told by `error`
    }
  }
}

async function openSource(source: AudioSource): Promise<OpenStream> {
  // no clone of the page's stream: that would go on hearing what the page has muted or stopped
  if (!(source instanceof Microphone)) return {stream: source, release: () => undefined};
  const stream = await source.open();
  const release = (): void => {
    for (const track of stream.getTracks()) track.stop();
  };
  return {stream, release};
}
