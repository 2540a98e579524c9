import {describe, expect, it} from 'vitest';
import {earshot} from '../../support/earshot-command.ts';
import {repositoryPath} from '../../support/repository.ts';

const YES = repositoryPath('test/fixtures/audio/yes.flac');

describe('earshot transcribe', () => {
  it.each([
    [[], 'got no file, expected one or more'],
    [[YES, '--format', 'docx'], '--format: got "docx", expected text or srt or vtt or json'],
    [[YES, '--system', 'earshot-kws'], 'got system "earshot-kws", expected one of:'],
    [[YES, '--beam', '0'], '--beam: got "0", expected a whole number of 1 to 256'],
    [[YES, '--trailing-silence', '5'], '--trailing-silence: got "5", expected milliseconds, 100 to 5000'],
    [[YES, '--hot-word-boost', '0'], '--hot-word-boost: got "0", expected a number above 0, at most 20'],
  ])('%j is refused', async (args, message) => {
    const {code, stdout, stderr} = await earshot('transcribe', ...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});
