import {afterEach, describe, expect, it, vi} from 'vitest';
import {Microphone, microphoneError} from '../../../src/capture/microphone.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('what getUserMedia rejects with', () => {
  it.each([
    ['NotAllowedError', 'Permission denied', 'not-allowed', 'allow it in the site settings'],
    ['NotAllowedError', 'Permission dismissed', 'not-allowed', 'dismissed'],
    ['SecurityError', 'insecure', 'not-allowed', 'insecure'],
    ['NotFoundError', 'Requested device not found', 'audio-capture', 'no microphone'],
    ['OverconstrainedError', '', 'audio-capture', 'no microphone'],
    ['NotReadableError', 'Could not start audio source', 'audio-capture', 'in use'],
    ['AbortError', 'hardware', 'audio-capture', 'in use'],
    ['SomethingNew', 'odd', 'audio-capture', 'odd'],
  ])('%s (%s) is %s', (name, message, code, words) => {
    const cause = new DOMException(message, name);
    const error = microphoneError(cause);
    expect(error).toMatchObject({name: 'SpeechError', code, cause});
    expect(error.message).toContain(words);
  });
});

describe('a microphone', () => {
  it('asks for no sample rate, and for the device by its id', async () => {
    const getUserMedia = vi.fn(() => Promise.resolve('stream'));
    vi.stubGlobal('navigator', {mediaDevices: {getUserMedia}});
    await new Microphone().open();
    await new Microphone({deviceId: 'abc', echoCancellation: false}).open();
    expect(getUserMedia.mock.calls).toEqual([
      [{audio: {echoCancellation: true, noiseSuppression: false, autoGainControl: true}}],
      [
        {
          audio: {
            echoCancellation: false,
            noiseSuppression: false,
            autoGainControl: true,
            deviceId: {exact: 'abc'},
          },
        },
      ],
    ]);
  });

  it('cannot be had on a page that is not served securely, which is said', async () => {
    vi.stubGlobal('navigator', {});
    await expect(new Microphone().open()).rejects.toMatchObject({code: 'not-allowed'});
    await expect(new Microphone().open()).rejects.toThrow('https');
  });
});
