import {execFileSync} from 'node:child_process';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {TranscriberOptions} from '../../src/session/transcriber-options.ts';
import {hasShared, sharedPath} from '../support/shared.ts';
import {openSpotterPage, type SpotterPage} from '../support/spotter-page.ts';

/** "Brownie Beaver dropped whatever he happened to be doing …", by a speaker whom nothing was trained on. */
const CLIP = '32-21631-0003.opus';

let opened: SpotterPage | undefined;
let clip = '';

beforeAll(async () => {
  if (!hasShared) return;
  const tar = sharedPath('audio', 'librispeech-train-clean-5.tar');
  clip = execFileSync('tar', ['xOf', tar, CLIP], {maxBuffer: 1 << 24}).toString('base64');
  opened = await openSpotterPage();
});
afterAll(async () => {
  await opened?.close();
});

/** What a transcriber with these options hears in the clip; the code and message of what it fails with. */
async function hear(options: TranscriberOptions): Promise<string> {
  if (!opened) throw new Error('expected a page');
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
    [clip, options] as const,
  );
}

describe.skipIf(!hasShared)('a name that a person says (needs ../shared)', () => {
  it('is written as the hot word is, and otherwise without', async () => {
    expect(await hear({})).not.toMatch(/Brownie|Braunie/);
    const withName = await hear({hotWords: ['Brownie']});
    expect(withName).toMatch(/^Brownie beaver /);
    expect(withName.match(/Brownie/g)).toHaveLength(2);
    const said = await hear({hotWords: [{text: 'Braunie', pronunciation: 'B R AW N IY'}]});
    expect(said).toMatch(/^Braunie beaver /);
  });

  it('is refused where nobody knows how it is said', async () => {
    expect(await hear({hotWords: ['Xyzzy']})).toMatch(
      /^lexicon: got no pronunciation of "Xyzzy", expected a word of the lexicon, or how it is said: /,
    );
  });

  it('is spelled by ear without a language model', async () => {
    const letters = await hear({languageModel: 'none'});
    expect(letters).not.toBe('');
    expect(letters).not.toBe(await hear({}));
  });
});
