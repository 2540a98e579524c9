import {execFileSync} from 'node:child_process';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {TranscriberOptions} from '../../src/session/transcriber-options.ts';
import {hasShared, sharedPath} from '../support/shared.ts';
import {openSpotterPage, type SpotterPage} from '../support/spotter-page.ts';

/** By speakers whom nothing was trained on. */
const CLIPS = {
  /** "Brownie Beaver dropped whatever he happened to be doing …" */
  brownie: '32-21631-0003.opus',
  /** "Her residence on the Piazzi Barberini being considered an insecure abode" */
  barberini: '7312-92432-0009.opus',
} as const;

let opened: SpotterPage | undefined;

beforeAll(async () => {
  if (!hasShared) return;
  opened = await openSpotterPage();
});
afterAll(async () => {
  await opened?.close();
});

/** What a transcriber with these options hears in a clip; the code and message of what it fails with. */
async function hear(clip: keyof typeof CLIPS, options: TranscriberOptions): Promise<string> {
  if (!opened) throw new Error('expected a page');
  const tar = sharedPath('audio', 'librispeech-train-clean-5.tar');
  const file = execFileSync('tar', ['xOf', tar, CLIPS[clip]], {maxBuffer: 1 << 24});
  return opened.chromium.page.evaluate(
    async ([base64, given]) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const transcriber = await globalThis.earshot.Transcriber.load('earshot-ctc', given);
      try {
        const utterances = await transcriber.transcribe(new Blob([bytes]));
        return utterances.map(({text}) => text).join(' ');
      } catch (error) {
        const {code, message} = error as InstanceType<typeof globalThis.earshot.SpeechError>;
        return `${code}: ${message}`;
      } finally {
        transcriber.dispose();
      }
    },
    [file.toString('base64'), options] as const,
  );
}

describe.skipIf(!hasShared)('a name that a person says (needs ../shared)', () => {
  it('is found as a hot word, and taken for something else without', async () => {
    expect(await hear('barberini', {})).not.toMatch(/barberini/i);
    const hotWords = [{text: 'Barberini', pronunciation: 'B AA R B ER IY N IY'}];
    expect(await hear('barberini', {hotWords})).toMatch(
      /^her residence on the piazza Barberini being considered /,
    );
  });

  it('is written as the hot word is, and otherwise without', async () => {
    expect(await hear('brownie', {})).not.toMatch(/Brownie|Braunie/);
    const withName = await hear('brownie', {hotWords: ['Brownie']});
    expect(withName).toMatch(/^Brownie beaver /);
    expect(withName.match(/Brownie/g)).toHaveLength(2);
    const said = await hear('brownie', {hotWords: [{text: 'Braunie', pronunciation: 'B R AW N IY'}]});
    expect(said).toMatch(/^Braunie beaver /);
  });

  it('is refused where nobody knows how it is said', async () => {
    expect(await hear('brownie', {hotWords: ['Xyzzy']})).toMatch(
      /^lexicon: got no pronunciation of "Xyzzy", expected a word of the lexicon, or how it is said: /,
    );
  });

  it('is spelled by ear without a language model', async () => {
    const letters = await hear('brownie', {languageModel: 'none'});
    expect(letters).not.toBe('');
    expect(letters).not.toBe(await hear('brownie', {}));
  });
});
