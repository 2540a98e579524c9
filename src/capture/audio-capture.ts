import type {ToWorklet} from '../protocol/audio-messages.ts';
import {SpeechError} from '../protocol/speech-error.ts';
import {isInterrupted, type AudioThread} from './audio-thread.ts';

/** Whether sound is coming in; `suspended` waits for a gesture of the visitor, `interrupted` for the system (a call). */
export type CaptureStatus = 'live' | 'muted' | 'suspended' | 'interrupted';

/** What a capture tells while it runs. */
export interface CaptureObserver {
  onStatus(status: CaptureStatus): void;
  /** The device was taken away; the capture has released everything. */
  onLost(error: SpeechError): void;
}

/** The visitor's gestures after which browsers let an AudioContext run. */
const GESTURES = ['pointerdown', 'keydown'] as const;

/** How often to look for a track that the page itself has stopped: of that no event tells. */
const TRACK_CHECK_MS = 1000;

/** Longer than a context takes to run where nothing keeps it from running, short enough to be told of at once. */
const RESUME_GRACE_MS = 500;

/** A stream with sound, and what is to be done once nobody hears it any more. */
export interface OpenStream {
  readonly stream: MediaStream;
  readonly release: () => void;
}

/**
 * One stream on its way to the worker: its source, and the port between worklet and worker. Page thread.
 * The stream is released by `dispose`, which is idempotent.
 */
export class AudioCapture {
  /** Rate at which samples are captured: the audio device's own. */
  readonly sampleRateHz: number;
  /** The worker's end of the direct port. */
  readonly port: MessagePort;
  readonly #release: () => void;
  readonly #thread: AudioThread;
  readonly #source: MediaStreamAudioSourceNode;
  readonly #observer: CaptureObserver;
  readonly #listeners = new AbortController();
  #isMuted: boolean;
  #status: CaptureStatus = 'live';

  /**
   * Starts capturing.
   * @throws SpeechError `audio-capture` where the stream has no live audio or the browser cannot process it; it is
   * released then too.
   */
  constructor({stream, release}: OpenStream, thread: AudioThread, observer: CaptureObserver) {
    const track = stream.getAudioTracks().find(({readyState}) => readyState === 'live');
    if (!track) {
      release();
      throw new SpeechError('audio-capture', 'got a stream without a live audio track, expected one');
    }
    this.#source = createSource(thread.context, {stream: new MediaStream([track]), release});
    const {port1, port2} = new MessageChannel();
    this.#release = release;
    this.#thread = thread;
    this.#observer = observer;
    this.#isMuted = track.muted;
    this.sampleRateHz = thread.context.sampleRate;
    this.port = port2;
    this.#post({kind: 'connect', port: port1}, [port1]);
    this.#source.connect(thread.node);
    this.#watch(track);
    this.#update();
    thread.run();
  }

  /** Gives the status once sound comes in, or once it is clear that it does not for now. */
  async settle(): Promise<CaptureStatus> {
    if (this.#status === 'suspended') {
      await new Promise<void>((resolve) => {
        const {signal} = this.#listeners;
        const timer = setTimeout(resolve, RESUME_GRACE_MS);
        const settle = (): void => {
          clearTimeout(timer);
          resolve();
        };
        this.#thread.context.addEventListener('statechange', settle, {signal, once: true});
      });
    }
    return this.#status;
  }

  /** Releases the microphone and lets the audio thread rest. Idempotent. */
  dispose(): void {
    if (this.#listeners.signal.aborted) return;
    this.#listeners.abort();
    this.#release();
    this.#post({kind: 'end'});
    this.#source.disconnect();
    this.port.close(); // nothing happens where it went to the worker
    this.#thread.rest();
  }

  #post(message: ToWorklet, transfer: Transferable[] = []): void {
    this.#thread.node.port.postMessage(message, transfer);
  }

  #watch(track: MediaStreamTrack): void {
    const {signal} = this.#listeners;
    const on = (target: EventTarget, name: string, listen: () => void): void => {
      target.addEventListener(name, listen, {signal, capture: true});
    };
    const resume = (): void => {
      this.#resume();
    };
    on(track, 'ended', () => {
      this.#lose('the microphone was taken away');
    });
    const timer = setInterval(() => {
      if (track.readyState === 'ended') this.#lose('the track was stopped');
    }, TRACK_CHECK_MS);
    signal.addEventListener('abort', () => {
      clearInterval(timer);
    });
    on(track, 'mute', () => {
      this.#setMuted(true);
    });
    on(track, 'unmute', () => {
      this.#setMuted(false);
    });
    on(this.#thread.node, 'processorerror', () => {
      this.#lose('the audio thread failed');
    });
    on(this.#thread.context, 'statechange', () => {
      this.#update();
    });
    on(document, 'visibilitychange', resume);
    for (const gesture of GESTURES) on(globalThis, gesture, resume);
  }

  #setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    this.#update();
  }

  #update(): void {
    const status = statusOf(this.#thread.context, this.#isMuted);
    if (status === this.#status) return;
    this.#status = status;
    this.#observer.onStatus(status);
  }

  #resume(): void {
    if (this.#status === 'suspended' && document.visibilityState !== 'hidden') this.#thread.run();
  }

  #lose(reason: string): void {
    if (this.#listeners.signal.aborted) return;
    this.dispose();
    this.#observer.onLost(new SpeechError('device-lost', `got no more sound: ${reason}`));
  }
}

function statusOf(context: AudioContext, isMuted: boolean): CaptureStatus {
  if (isInterrupted(context)) return 'interrupted';
  if (context.state !== 'running') return 'suspended';
  return isMuted ? 'muted' : 'live';
}

/** Firefox refuses a microphone whose rate is not the audio device's. */
function createSource(context: AudioContext, {stream, release}: OpenStream): MediaStreamAudioSourceNode {
  try {
    return context.createMediaStreamSource(stream);
  } catch (cause) {
    release();
    throw new SpeechError('audio-capture', 'got a stream that the browser cannot process, expected one', {
      cause,
    });
  }
}
