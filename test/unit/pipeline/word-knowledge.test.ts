import {describe, expect, it} from 'vitest';
import {encodeNgramModel} from '../../../src/decode/encode-ngram-model.ts';
import {LexiconError} from '../../../src/decode/lexicon-error.ts';
import {readArpa} from '../../../src/formats/arpa.ts';
import {UtteranceDecoder} from '../../../src/pipeline/utterance-decoder.ts';
import {openWordKnowledge} from '../../../src/pipeline/word-knowledge.ts';
import {createWordSearch} from '../../../src/pipeline/word-search.ts';
import {fakeTranscriptionSystem} from '../../support/fake-transcription-system.ts';

const {card} = fakeTranscriptionSystem;

/** A model of "AB", often, and "BA", seldom; and of a word that the fake system cannot spell. */
const ARPA = `\\data\\
ngram 1=6

\\1-grams:
-99\t<s>
-0.9\t</s>
-2\t<unk>
-0.1\tAB
-2.5\tBA
-3\tXYZ

\\end\\
`;

function languageModel(): Uint8Array {
  return new Uint8Array(encodeNgramModel(readArpa(ARPA)));
}

/** Two words of two letters that could as well be one as the other: the first a bit likelier to be "b". */
function ambiguous(): Float32Array {
  const row = (likely: number, other: number): number[] =>
    [0, 1, 2, 3].map((token) => Math.log(token === likely ? 0.52 : token === other ? 0.46 : 0.01));
  return Float32Array.from([...row(1, 0), ...row(0, 1)]);
}

function hear(options: ConstructorParameters<typeof UtteranceDecoder>[2], isKnowing = false): string {
  const words = isKnowing ? openWordKnowledge(languageModel(), card) : undefined;
  const decoder = new UtteranceDecoder(card, words, options);
  decoder.accept(ambiguous());
  return decoder.final().text;
}

describe('a language model', () => {
  it('knows the words that the system can spell, whatever their case', () => {
    const {model, lexicon, leftOutWords} = openWordKnowledge(languageModel(), card);
    expect(model.wordCount).toBe(6);
    expect(lexicon.words).toEqual(['AB', 'BA']);
    expect(leftOutWords).toBe(1);
  });

  it('turns what sounds alike into the likelier word', () => {
    expect(hear({})).toBe('ba');
    expect(hear({}, true)).toBe('ab');
    expect(hear({languageModelWeight: 0}, true)).toBe('ba');
  });
});

it('none of whose words the system can spell is refused', () => {
  const foreign = new Uint8Array(encodeNgramModel(readArpa(ARPA.replace('AB', 'CD').replace('BA', 'DC'))));
  expect(() => openWordKnowledge(foreign, card)).toThrow(
    'got a language model with 3 words, none of the letters that the system knows, expected one or more',
  );
});

describe('hot words', () => {
  it('win where they sound alike', () => {
    expect(hear({hotWords: ['AB']})).toBe('ab');
    expect(hear({hotWords: [{text: 'AB', pronunciation: 'EY B IY'}]})).toBe('ab');
  });

  it('are refused with letters that the system lacks, or none', () => {
    expect(() => createWordSearch(card, undefined, {hotWords: ['ab!']})).toThrow(
      'got "!" in the hot word "ab!", expected letters of ab',
    );
    expect(() => createWordSearch(card, undefined, {hotWords: ['  ']})).toThrow(LexiconError);
  });

  it('may be none', () => {
    expect(createWordSearch(card, undefined, {hotWords: []}).scorer).toBeUndefined();
  });
});
