import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {openNgramModel, spokenWords} from '../../src/decode/ngram-model.ts';
import {openPronunciationLexicon} from '../../src/decode/pronunciation-lexicon.ts';
import {ARPABET} from '../../src/formats/cmudict.ts';
import {builtInLexicon} from '../../src/models/language-models.ts';
import {readRepositoryFile, repositoryPath} from '../support/repository.ts';

const bytes = new Uint8Array(readFileSync(repositoryPath(`public/models/${builtInLexicon.builtInPath}`)));
const lexicon = openPronunciationLexicon(bytes);

describe('the built-in lexicon', () => {
  test('is the file that its README and the code pin', () => {
    const digest = createHash('sha256').update(bytes).digest('hex');
    expect(readRepositoryFile('public/models/earshot-lexicon/README.md')).toContain(digest);
    expect(builtInLexicon.accepted).toMatchObject([{sha256: digest, bytes: bytes.length}]);
  });

  test('has its words in the order of their bytes, which they are looked up by', () => {
    const words = Array.from(
      Buffer.from(bytes).toString('latin1').split('\n').slice(2, -1),
      (line) => line.split('\t')[0]!,
    );
    expect(words).toHaveLength(lexicon.wordCount);
    expect(words).toEqual([...words].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    const said = words.map((word) => lexicon.pronunciationsOf(word));
    expect(words.filter((_, index) => said[index]!.length === 0)).toEqual([]);
    const phones = new Set(said.flat(2));
    expect([...phones].sort()).toEqual(ARPABET);
  });

  test('says all words of the built-in language model but one', () => {
    const file = readFileSync(repositoryPath('public/models/earshot-lm/earshot-lm.bin'));
    const words = spokenWords(openNgramModel(new Uint8Array(file).buffer));
    expect(words.filter((word) => lexicon.pronunciationsOf(word).length === 0)).toEqual(["'"]);
  });

  test.each([
    ['a', ['AH', 'EY']],
    ["it's", ['IH T S', 'IH T S']],
    ['through', ['TH R UW']],
  ])('says "%s" as %j', (word, ways) => {
    expect(lexicon.pronunciationsOf(word).map((way) => way.join(' '))).toEqual(expect.arrayContaining(ways));
  });
});
