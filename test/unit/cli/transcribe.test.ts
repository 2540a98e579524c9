import {describe, expect, it} from 'vitest';
import {earshot} from '../../support/earshot-command.ts';
import {repositoryPath} from '../../support/repository.ts';

const WORD = repositoryPath('test/fixtures/speech/left.wav');
const YES = repositoryPath('test/fixtures/audio/yes.flac');

describe('earshot transcribe', () => {
  it.each([
    [[], 'got no file, expected one or more'],
    [[YES, '--format', 'docx'], '--format: got "docx", expected text or srt or vtt or json'],
    [[YES, '--system', 'earshot-kws'], 'got system "earshot-kws", expected one of:'],
    [[YES, '--beam', '0'], '--beam: got "0", expected a whole number of 1 to 256'],
    [[YES, '--trailing-silence', '5'], '--trailing-silence: got "5", expected milliseconds, 100 to 5000'],
    [[YES, '--hot-word-boost', '0'], '--hot-word-boost: got "0", expected a number above 0, at most 20'],
    [[YES, '--features', 'whole'], '--features: got "whole", expected streaming or utterance'],
    [[YES, '--segmentation', 'words'], '--segmentation: got "words", expected speech or none'],
    [
      [YES, '--segmentation', 'none', '--max-utterance', '9000'],
      '--max-utterance: got it with --segmentation none, expected it only with speech',
    ],
    [
      [YES, '--decoding', 'greedy', '--lm', 'built-in'],
      '--lm: got it with --decoding greedy, expected it only with beam',
    ],
    [[YES, '--full-scale', 'int8'], '--full-scale: got "int8", expected int32 or int16 or unit'],
  ])('%j is refused', async (args, message) => {
    const {code, stdout, stderr} = await earshot('transcribe', ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('prints what the built-in network hears, in the form that is asked for', async () => {
    const {code, stdout, stderr} = await earshot('transcribe', WORD, '--format', 'json', '--lm', 'built-in');
    expect(code).toBe(0);
    expect(stderr).toContain('system     earshot-ctc');
    expect(stderr).toMatch(/left\.wav: \d utterances, real-time factor 0\.\d+/);
    const {format, utterances} = JSON.parse(stdout) as {format: string; utterances: {words: unknown[]}[]};
    expect(format).toBe('earshot-transcript');
    expect(utterances.length).toBeLessThanOrEqual(1);
    const vtt = await earshot('transcribe', WORD, '--format', 'vtt');
    expect(vtt.stdout.startsWith('WEBVTT')).toBe(true);
  });

  it('refuses a scale of samples where the system has one only', async () => {
    const {code, stderr} = await earshot('transcribe', YES, '--full-scale', 'unit');
    expect(code).toBe(1);
    expect(stderr).toContain('got fullScale "unit" for earshot-ctc, expected none: it has one scale only');
  });

  it('says what is wrong with a file', async () => {
    const {code, stderr} = await earshot('transcribe', repositoryPath('package.json'));
    expect(code).toBe(1);
    expect(stderr).toContain('audio-format');
    expect(stderr).toContain('expected a WAV or FLAC file');
  });
});
