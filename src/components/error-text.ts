import type {SpeechError} from '../events/keyword-events.ts';

/** An error in the words of the person in front of the page. */
export interface ErrorText {
  readonly what: string;
  /** What this person can do about it. */
  readonly remedy: string;
}

const RELOAD = 'Reload the page. If that does not help, tell the owner of this site.';

const TEXTS: {readonly [Code in SpeechError['code']]: ErrorText} = {
  'not-allowed': {
    what: 'This page may not use the microphone.',
    remedy: 'Allow the microphone in the site settings, beside the address of the page, and try again.',
  },
  'audio-capture': {
    what: 'No microphone could be opened.',
    remedy: 'Plug one in, or close other programs that may be using it, and try again.',
  },
  'device-lost': {
    what: 'The microphone was taken away.',
    remedy: 'Plug it in again, or choose another one in the system settings, and try again.',
  },
  network: {
    what: 'The model could not be downloaded.',
    remedy: 'Check the connection and try again.',
  },
  aborted: {what: 'Listening was cancelled.', remedy: 'Try again when you like.'},
  'no-speech': {what: 'Nobody was heard.', remedy: 'Speak closer to the microphone and try again.'},
  'model-integrity': {
    what: 'The model file is not the one that was expected, so it was not run.',
    remedy: 'It may be damaged or of another version: get it again from its publisher.',
  },
  'model-format': {
    what: 'The model file cannot be read.',
    remedy: 'It may be damaged, or a model of another kind: choose another file.',
  },
  'audio-format': {
    what: 'The recording cannot be read.',
    remedy: 'It may be damaged, too long, or of a kind that this browser does not know: choose another file.',
  },
  lexicon: {
    what: 'A word that was to be listened for cannot be said.',
    remedy: 'Leave out unusual hot words, or give their pronunciation.',
  },
  'engine-unavailable': {
    what: 'The speech engine could not start.',
    remedy: 'Update the browser, or try another one. On a slow connection, trying again may help.',
  },
  'csp-blocked': {
    what: 'The rules of this site keep the speech engine from starting.',
    remedy: 'Only the owner of this site can change that (its Content-Security-Policy).',
  },
  overrun: {
    what: 'This device is too busy to keep up with the sound.',
    remedy: 'Close other programs or pages and try again.',
  },
  'storage-full': {
    what: 'There is no room left to keep the model.',
    remedy: 'Free some space on this device and try again.',
  },
  internal: {what: 'Something went wrong inside the speech engine.', remedy: RELOAD},
};

const INSECURE: ErrorText = {
  what: 'Browsers give the microphone to secure pages only.',
  remedy: 'Open this page by an address that begins with https.',
};

/** What happened and what to do about it, for a code. */
export function errorText(code: SpeechError['code'], isSecure = isSecureContext): ErrorText {
  return code === 'not-allowed' && !isSecure ? INSECURE : TEXTS[code];
}
