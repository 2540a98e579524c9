import workletUrl from '../../workers/capture.worklet.ts?worker&url';
import {CAPTURE_PROCESSOR, MAX_CHANNEL_COUNT, type ToWorklet} from '../protocol/audio-messages.ts';
import {SpeechError} from '../protocol/speech-error.ts';

/** Whether sound is coming in; `suspended` waits for a gesture of the user, `interrupted` for the system (a call). */
export type CaptureStatus = 'live' | 'muted' | 'suspended' | 'interrupted';

/** What a capture tells while it runs. */
export interface CaptureObserver {
  onStatus(status: CaptureStatus): void;
  /** The device was taken away; the capture has released everything. */
  onLost(error: SpeechError): void;
}

/** Where the worklet's file is, if not where the bundler put it. */
export interface CaptureOptions {
  readonly assetBase?: URL | undefined;
  readonly signal: AbortSignal;
}

/** A user's gesture after which browsers let an AudioContext run. */
const GESTURES = ['pointerdown', 'keydown'] as const;

/**
 * One stream on its way to the worker: AudioContext, worklet node and the port between worklet and worker.
 * Page thread. `dispose` releases the device and the audio thread; it is idempotent.
 */
export class AudioCapture {
  /** Rate at which samples are captured: the audio device's own. */
  readonly sampleRateHz: number;
  /** The worker's end of the direct port. */
  readonly port: MessagePort;
  readonly #stream: MediaStream;
  readonly #context: AudioContext;
  readonly #node: AudioWorkletNode;
  readonly #observer: CaptureObserver;
  readonly #listeners = new AbortController();
  #isMuted = false;
  #status: CaptureStatus = 'live';

  /**
   * Starts capturing. The stream is the capture's from here on: its tracks are stopped by `dispose` and whenever
   * this throws.
   * @throws SpeechError `audio-capture` where the stream has no live audio, `csp-blocked` or `engine-unavailable`
   * where the worklet does not load; the signal's reason once it aborts.
   */
  static async start(
    stream: MediaStream,
    observer: CaptureObserver,
    {assetBase, signal}: CaptureOptions,
  ): Promise<AudioCapture> {
    let context: AudioContext | undefined;
    try {
      requireLiveTrack(stream);
      signal.throwIfAborted();
      context = new AudioContext({latencyHint: 'interactive'});
      await addWorklet(context, assetBase ? new URL('capture.worklet.js', assetBase).href : workletUrl);
      signal.throwIfAborted();
      return new AudioCapture(stream, context, observer);
    } catch (error) {
      release(stream, context);
      throw error;
    }
  }

  private constructor(stream: MediaStream, context: AudioContext, observer: CaptureObserver) {
    const {port1, port2} = new MessageChannel();
    this.#stream = stream;
    this.#context = context;
    this.#observer = observer;
    this.sampleRateHz = context.sampleRate;
    this.port = port2;
    this.#node = new AudioWorkletNode(context, CAPTURE_PROCESSOR, {
      numberOfInputs: 1,
      numberOfOutputs: 0,
      channelCount: MAX_CHANNEL_COUNT,
      channelCountMode: 'clamped-max',
    });
    this.#post({kind: 'connect', port: port1}, [port1]);
    context.createMediaStreamSource(stream).connect(this.#node);
    this.#watch();
  }

  /** Releases the microphone, the audio thread and all listeners. Idempotent. */
  dispose(): void {
    if (this.#listeners.signal.aborted) return;
    this.#listeners.abort();
    this.#post({kind: 'end'});
    this.#node.disconnect();
    release(this.#stream, this.#context);
  }

  #post(message: ToWorklet, transfer: Transferable[] = []): void {
    this.#node.port.postMessage(message, transfer);
  }

  #watch(): void {
    const options = {signal: this.#listeners.signal};
    const track = this.#stream.getAudioTracks()[0];
    track?.addEventListener(
      'ended',
      () => {
        this.#lose('the microphone was taken away');
      },
      options,
    );
    track?.addEventListener(
      'mute',
      () => {
        this.#setMuted(true);
      },
      options,
    );
    track?.addEventListener(
      'unmute',
      () => {
        this.#setMuted(false);
      },
      options,
    );
    this.#node.addEventListener(
      'processorerror',
      () => {
        this.#lose('the audio thread failed');
      },
      options,
    );
    this.#context.addEventListener(
      'statechange',
      () => {
        this.#update();
      },
      options,
    );
    for (const gesture of GESTURES)
      addEventListener(
        gesture,
        () => {
          this.#resume();
        },
        {...options, capture: true},
      );
    document.addEventListener(
      'visibilitychange',
      () => {
        this.#resume();
      },
      options,
    );
    this.#isMuted = track?.muted ?? false;
    this.#update();
    this.#resume();
  }

  #setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    this.#update();
  }

  #update(): void {
    const {state} = this.#context;
    const status =
      state === 'running'
        ? this.#isMuted
          ? 'muted'
          : 'live'
        : state === 'interrupted'
          ? state
          : 'suspended';
    if (status === this.#status) return;
    this.#status = status;
    this.#observer.onStatus(status);
  }

  /** Not while interrupted: WebKit then stays silent for good (WebAudio/web-audio-api#2585). */
  #resume(): void {
    if (this.#status !== 'suspended' || document.visibilityState === 'hidden') return;
    this.#context.resume().catch(() => {
      // closed meanwhile; nothing is left to resume
    });
  }

  #lose(reason: string): void {
    if (this.#listeners.signal.aborted) return;
    this.dispose();
    this.#observer.onLost(new SpeechError('device-lost', `got no more sound: ${reason}`));
  }
}

function requireLiveTrack(stream: MediaStream): void {
  if (stream.getAudioTracks().some(({readyState}) => readyState === 'live')) return;
  throw new SpeechError('audio-capture', 'got a stream without a live audio track, expected one');
}

async function addWorklet(context: AudioContext, url: string): Promise<void> {
  try {
    await context.audioWorklet.addModule(url);
  } catch (cause) {
    throw new SpeechError('engine-unavailable', `got no audio worklet, expected its file at ${url}`, {cause});
  }
}

function release(stream: MediaStream, context: AudioContext | undefined): void {
  for (const track of stream.getTracks()) track.stop();
  if (context && context.state !== 'closed') void context.close();
}
