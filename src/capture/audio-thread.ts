import workletUrl from '../../workers/capture.worklet.ts?worker&url';
import {CAPTURE_PROCESSOR, MAX_CHANNEL_COUNT} from '../protocol/audio-messages.ts';
import {SpeechError} from '../protocol/speech-error.ts';
import {untilAborted} from './until-aborted.ts';

/** A file of 1 KB that has not come by then does not come: as long as the worker may be silent. */
const WORKLET_TIMEOUT_MS = 30_000;

/** Where the worklet's file is, if not where the bundler put it. */
export interface AudioThreadOptions {
  readonly assetBase?: URL | undefined;
  readonly signal: AbortSignal;
}

/**
 * An AudioContext with the capture worklet in it: made once, before the microphone is asked for, so that starting to
 * listen fetches nothing. It runs while something is captured and is suspended in between; the one node serves all
 * runs, since Chromium collects no processor of a suspended context. Page thread.
 */
export class AudioThread {
  /** Runs at the audio device's own rate: asking for 16 kHz fails on Firefox where the microphone differs. */
  readonly context: AudioContext;
  /** The node that sends what is connected to it to the worker it was told of. */
  readonly node: AudioWorkletNode;
  #isNeeded = false;

  private constructor(context: AudioContext) {
    this.context = context;
    this.node = new AudioWorkletNode(context, CAPTURE_PROCESSOR, {
      numberOfInputs: 1,
      numberOfOutputs: 0,
      channelCount: MAX_CHANNEL_COUNT,
      channelCountMode: 'clamped-max',
    });
    // it runs unasked: from its making, where the page was touched already; at a gesture or the end of a call, where
    // `rest` came before the resumption that was asked for
    context.addEventListener('statechange', () => {
      if (!this.#isNeeded) this.rest();
    });
    this.rest();
  }

  /**
   * Loads the worklet.
   * @throws SpeechError `audio-capture` where the browser has no AudioWorklet, `engine-unavailable` where the file
   * does not load; the signal's reason once it aborts.
   */
  static async load({assetBase, signal}: AudioThreadOptions): Promise<AudioThread> {
    const context = createContext();
    const url = assetBase ? new URL('capture.worklet.js', assetBase).href : workletUrl;
    try {
      await untilAborted(addWorklet(context, url), signal);
      return new AudioThread(context);
    } catch (error) {
      void context.close();
      throw error;
    }
  }

  /** Lets sound flow; where the browser waits for a gesture of the visitor, call it again after one. */
  run(): void {
    this.#isNeeded = true;
    if (isInterrupted(this.context)) return; // WebKit would stay silent for good (WebAudio/web-audio-api#2585)
    this.context.resume().catch(() => {
      // closed meanwhile: nothing is left to resume
    });
  }

  /** Suspends the context until the next `run`, also where it only now begins to run. */
  rest(): void {
    this.#isNeeded = false;
    if (this.context.state !== 'running') return;
    this.context.suspend().catch(() => {
      // closed meanwhile: it rests for good
    });
  }

  /** Ends the thread. Idempotent. */
  dispose(): void {
    if (this.context.state !== 'closed') void this.context.close();
  }
}

/** Whether the system has taken the sound away, for a call: WebKit's state, newer than the type library. */
export function isInterrupted({state}: AudioContext): boolean {
  return (state as string) === 'interrupted';
}

function createContext(): AudioContext {
  if (typeof AudioContext === 'undefined' || !('audioWorklet' in AudioContext.prototype)) {
    throw new SpeechError(
      'audio-capture',
      'got a browser or page without AudioWorklet, expected one served securely',
    );
  }
  return new AudioContext({latencyHint: 'interactive'});
}

async function addWorklet(context: AudioContext, url: string): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeOut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`got no answer for ${String(WORKLET_TIMEOUT_MS)} ms`));
    }, WORKLET_TIMEOUT_MS);
  });
  try {
    await Promise.race([context.audioWorklet.addModule(url), timeOut]);
  } catch (cause) {
    throw new SpeechError('engine-unavailable', `got no audio worklet, expected its file at ${url}`, {cause});
  } finally {
    clearTimeout(timer);
  }
}
