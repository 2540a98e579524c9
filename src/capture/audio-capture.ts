import type {ToWorklet} from '../protocol/audio-messages.ts';
import {SpeechError} from '../protocol/speech-error.ts';
import type {AudioThread} from './audio-thread.ts';

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

/**
 * One stream on its way to the worker: its source, and the port between worklet and worker. Page thread.
 * The stream is the capture's: its tracks are stopped by `dispose`, which is idempotent.
 */
export class AudioCapture {
  /** Rate at which samples are captured: the audio device's own. */
  readonly sampleRateHz: number;
  /** The worker's end of the direct port. */
  readonly port: MessagePort;
  readonly #stream: MediaStream;
  readonly #context: AudioContext;
  readonly #source: MediaStreamAudioSourceNode;
  readonly #node: AudioWorkletNode;
  readonly #observer: CaptureObserver;
  readonly #listeners = new AbortController();
  #isMuted: boolean;
  #status: CaptureStatus = 'live';

  /**
   * Starts capturing.
   * @throws SpeechError `audio-capture` where the stream has no live audio; its tracks are stopped then too.
   */
  constructor(stream: MediaStream, {context, node}: AudioThread, observer: CaptureObserver) {
    const track = stream.getAudioTracks().find(({readyState}) => readyState === 'live');
    if (!track) {
      stopTracks(stream);
      throw new SpeechError('audio-capture', 'got a stream without a live audio track, expected one');
    }
    const {port1, port2} = new MessageChannel();
    this.#stream = stream;
    this.#context = context;
    this.#observer = observer;
    this.#isMuted = track.muted;
    this.sampleRateHz = context.sampleRate;
    this.port = port2;
    this.#node = node;
    this.#post({kind: 'connect', port: port1}, [port1]);
    this.#source = context.createMediaStreamSource(stream);
    this.#source.connect(this.#node);
    this.#watch(track);
    this.#update();
    this.#resume();
  }

  /** Releases the microphone and lets the audio thread rest. Idempotent. */
  dispose(): void {
    if (this.#listeners.signal.aborted) return;
    this.#listeners.abort();
    stopTracks(this.#stream);
    this.#post({kind: 'end'});
    this.#source.disconnect();
    if (this.#context.state === 'running') void this.#context.suspend();
  }

  #post(message: ToWorklet, transfer: Transferable[] = []): void {
    this.#node.port.postMessage(message, transfer);
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
    on(track, 'mute', () => {
      this.#setMuted(true);
    });
    on(track, 'unmute', () => {
      this.#setMuted(false);
    });
    on(this.#node, 'processorerror', () => {
      this.#lose('the audio thread failed');
    });
    on(this.#context, 'statechange', () => {
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
    const status = statusOf(this.#context, this.#isMuted);
    if (status === this.#status) return;
    this.#status = status;
    this.#observer.onStatus(status);
  }

  /** Not while interrupted: WebKit then stays silent for good (WebAudio/web-audio-api#2585). */
  #resume(): void {
    if (this.#status !== 'suspended' || document.visibilityState === 'hidden') return;
    this.#context.resume().catch(() => {
      // closed meanwhile: nothing is left to resume
    });
  }

  #lose(reason: string): void {
    if (this.#listeners.signal.aborted) return;
    this.dispose();
    this.#observer.onLost(new SpeechError('device-lost', `got no more sound: ${reason}`));
  }
}

function statusOf(context: AudioContext, isMuted: boolean): CaptureStatus {
  // `interrupted` is WebKit's, and newer than the type library
  const state = context.state;
  if (state === 'interrupted') return 'interrupted';
  if (state !== 'running') return 'suspended';
  return isMuted ? 'muted' : 'live';
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
