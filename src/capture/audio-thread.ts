import workletUrl from '../../workers/capture.worklet.ts?worker&url';
import {SpeechError} from '../protocol/speech-error.ts';
import {untilAborted} from './until-aborted.ts';

/** Where the worklet's file is, if not where the bundler put it. */
export interface AudioThreadOptions {
  readonly assetBase?: URL | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * An AudioContext that has loaded the capture worklet: made once, before the microphone is asked for, so that starting
 * to listen fetches nothing. It runs while something is captured and is suspended in between. Page thread.
 */
export class AudioThread {
  /** Runs at the audio device's own rate: asking for 16 kHz fails on Firefox where the microphone differs. */
  readonly context: AudioContext;

  private constructor(context: AudioContext) {
    this.context = context;
  }

  /**
   * Loads the worklet.
   * @throws SpeechError `audio-capture` where the browser has no AudioWorklet, `engine-unavailable` where the file
   * does not load; the signal's reason once it aborts.
   */
  static async load({assetBase, signal}: AudioThreadOptions): Promise<AudioThread> {
    const thread = new AudioThread(createContext());
    const url = assetBase ? new URL('capture.worklet.js', assetBase).href : workletUrl;
    try {
      const added = addWorklet(thread.context, url);
      await (signal ? untilAborted(added, signal) : added);
      return thread;
    } catch (error) {
      thread.dispose();
      throw error;
    }
  }

  /** Ends the thread. Idempotent. */
  dispose(): void {
    if (this.context.state !== 'closed') void this.context.close();
  }
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
  try {
    await context.audioWorklet.addModule(url);
  } catch (cause) {
    throw new SpeechError('engine-unavailable', `got no audio worklet, expected its file at ${url}`, {cause});
  }
}
