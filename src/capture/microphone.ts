import {SpeechError} from '../protocol/speech-error.ts';

/** Which microphone, and what the browser may do to its sound. */
export interface MicrophoneOptions {
  /** As `navigator.mediaDevices.enumerateDevices()` lists it; the user's default where absent. */
  readonly deviceId?: string;
  /** Default true: the page's own sound must not trigger it. */
  readonly echoCancellation?: boolean;
  /** Default false: keyword networks were trained on noise, not on its removal. */
  readonly noiseSuppression?: boolean;
  /** Default true: people speak from across the room. */
  readonly autoGainControl?: boolean;
}

/** A microphone to listen to: opened when listening starts, closed when it stops. */
export class Microphone {
  readonly #constraints: MediaTrackConstraints;

  constructor(options: MicrophoneOptions = {}) {
    const {deviceId, echoCancellation = true, noiseSuppression = false, autoGainControl = true} = options;
    // no sampleRate: asking for one fails on Firefox and hides resamplers of unknown quality elsewhere
    this.#constraints = {
      echoCancellation,
      noiseSuppression,
      autoGainControl,
      ...(deviceId !== undefined && {deviceId: {exact: deviceId}}),
    };
  }

  /**
   * Asks for the microphone; the caller stops the tracks. Page thread.
   * @throws SpeechError `not-allowed` (denied, dismissed, or no secure context) or `audio-capture` (none, or busy).
   */
  async open(): Promise<MediaStream> {
    const devices = (navigator as {mediaDevices?: MediaDevices}).mediaDevices;
    if (!devices) {
      throw new SpeechError(
        'not-allowed',
        'got no access to microphones, expected a page served by https or localhost',
      );
    }
    try {
      return await devices.getUserMedia({audio: this.#constraints});
    } catch (cause) {
      throw microphoneError(cause);
    }
  }
}

/** Maps what `getUserMedia` rejects with to the Web Speech API's names. */
export function microphoneError(cause: unknown): SpeechError {
  const {name, message} = cause instanceof DOMException ? cause : {name: '', message: String(cause)};
  switch (name) {
    case 'NotAllowedError':
      return new SpeechError('not-allowed', permissionMessage(message), {cause});
    case 'SecurityError':
      return new SpeechError('not-allowed', `got no permission for the microphone: ${message}`, {cause});
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new SpeechError('audio-capture', 'got no microphone of the kind asked for, expected one', {
        cause,
      });
    case 'NotReadableError':
    case 'AbortError':
      return new SpeechError(
        'audio-capture',
        `got a microphone that cannot be read, perhaps in use: ${message}`,
        {
          cause,
        },
      );
    default:
      return new SpeechError('audio-capture', `got no microphone: ${message}`, {cause});
  }
}

/** Only Chromium tells a prompt that was closed from one that was refused, and only by its text. */
function permissionMessage(message: string): string {
  if (/dismissed/i.test(message)) return 'got a dismissed microphone prompt, expected permission: ask again';
  return 'got no permission for the microphone, expected it: allow it in the site settings';
}
