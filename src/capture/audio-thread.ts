import workletUrl from '../../workers/capture.worklet.ts?worker&url';
import {CAPTURE_PROCESSOR, MAX_CHANNEL_COUNT} from '../protocol/audio-messages.ts';
import {SpeechError} from '../protocol/speech-error.ts';
import {untilAborted} from './until-aborted.ts';

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

  private constructor(context: AudioContext) {
    this.context = context;
    this.node = new AudioWorkletNode(context, CAPTURE_PROCESSOR, {
      numberOfInputs: 1,
      numberOfOutputs: 0,
      channelCount: MAX_CHANNEL_COUNT,
      channelCountMode: 'clamped-max',
    });
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
