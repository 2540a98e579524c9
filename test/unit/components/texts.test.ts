import {describe, expect, test} from 'vitest';
import {errorText} from '../../../src/components/error-text.ts';
import {stateAnnouncement, stateText} from '../../../src/components/state-text.ts';
import type {MicrophoneStatus, SessionState} from '../../../src/events/session-state.ts';
import {SpeechError, type SpeechErrorCode} from '../../../src/protocol/speech-error.ts';

const CODES: readonly SpeechErrorCode[] = [
  'not-allowed',
  'audio-capture',
  'network',
  'aborted',
  'no-speech',
  'model-integrity',
  'model-format',
  'lexicon',
  'engine-unavailable',
  'csp-blocked',
  'device-lost',
  'overrun',
  'storage-full',
  'internal',
];

describe('the words for an error', () => {
  test.each(CODES)('%s has sentences that say what happened and what to do, in no code of ours', (code) => {
    const {what, remedy} = errorText(code, true);
    expect(what).toMatch(/^[A-Z].{10,}\.$/);
    expect(remedy).toMatch(/^[A-Z].{10,}[.)]$/);
    expect(`${what} ${remedy}`).not.toMatch(/\bgot\b|expected one|-capture|-format|undefined/);
  });

  test('no two errors read the same', () => {
    expect(new Set(CODES.map((code) => errorText(code, true).what)).size).toBe(CODES.length);
  });

  test('a page without https is told so, because allowing the microphone would not help', () => {
    expect(errorText('not-allowed', false).remedy).toContain('https');
    expect(errorText('not-allowed', true).remedy).toContain('site settings');
    expect(errorText('audio-capture', false)).toEqual(errorText('audio-capture', true));
  });
});

const statuses: readonly MicrophoneStatus[] = ['live', 'muted', 'suspended', 'interrupted'];

describe('the words for a state', () => {
  test.each(statuses)('listening while %s has words of its own', (microphone) => {
    const others = statuses.filter((status) => status !== microphone);
    const {text} = stateText({name: 'listening', microphone});
    for (const other of others) expect(stateText({name: 'listening', microphone: other}).text).not.toBe(text);
  });

  test('a microphone that hears nothing is a warning with a way out; one that listens is none', () => {
    for (const microphone of ['muted', 'suspended', 'interrupted'] as const) {
      expect(stateText({name: 'listening', microphone})).toMatchObject({
        icon: 'warning',
        hint: expect.stringMatching(/\.$/) as string,
      });
    }
    expect(stateText({name: 'listening', microphone: 'live'})).toEqual({
      icon: 'microphone',
      text: 'Listening',
    });
  });

  test('states that pass in a moment are not said aloud', () => {
    for (const name of ['loading', 'starting', 'stopping'] as const) {
      expect(stateAnnouncement({name})).toBeUndefined();
    }
  });

  test.each<[SessionState, string]>([
    [{name: 'listening', microphone: 'live'}, 'Listening.'],
    [{name: 'ready'}, 'Microphone off.'],
    [
      {name: 'listening', microphone: 'muted'},
      'Microphone muted. Switch it on again at the headset, the keyboard or in the system settings.',
    ],
    [
      {name: 'failed', error: new SpeechError('device-lost', 'got no more sound')},
      'The microphone was taken away. Plug it in again, or choose another one in the system settings, and try again.',
    ],
  ])('%o is said as whole sentences', (state, sentence) => {
    // errorText asks the browser whether the page is secure
    Object.assign(globalThis, {isSecureContext: true});
    expect(stateAnnouncement(state)).toBe(sentence);
  });
});
