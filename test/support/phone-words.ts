import {encodeNgramModel} from '../../src/decode/encode-ngram-model.ts';
import {readArpa} from '../../src/formats/arpa.ts';
import {ARPABET} from '../../src/formats/cmudict.ts';
import type {TokenSet} from '../../src/systems/card.ts';

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm';

/** The tokens of a system that hears phones. */
export const PHONES: TokenSet = {
  labels: [...ARPABET, ' ', '<blank>'],
  spaceId: ARPABET.length,
  blankId: ARPABET.length + 1,
};

/** A lexicon as `train/lexicon` writes it: words in the order of their bytes, each with its pronunciations. */
export function lexiconBytes(words: Readonly<Record<string, readonly string[]>>): Uint8Array {
  const lines = Object.entries(words).map(([word, ways]) => {
    const said = ways.map((way) =>
      Array.from(way.split(' '), (phone) => CHARACTERS[ARPABET.indexOf(phone)]).join(''),
    );
    return `${word}\t${said.join(' ')}`;
  });
  return new TextEncoder().encode(`${['earshot-lexicon 1', ARPABET.join(' '), ...lines].join('\n')}\n`);
}

/** A language model of single words, binary: the decimal logarithm of the probability of each. */
export function unigramModel(words: Readonly<Record<string, number>>): Uint8Array {
  const entries = Object.entries({'<s>': -99, '</s>': -1, '<unk>': -1.5, ...words});
  const grams = entries.map(([word, logProb]) => `${String(logProb)}\t${word}`);
  const arpa = ['\\data\\', `ngram 1=${String(grams.length)}`, '', '\\1-grams:', ...grams, '', '\\end\\', ''];
  return new Uint8Array(encodeNgramModel(readArpa(arpa.join('\n'))));
}

/** Log-probabilities of a network that is sure of one phone a frame; `_` is the blank, `|` the space. */
export function sayPhones(text: string, sureness = 0.9): Float32Array {
  const {labels, spaceId, blankId} = PHONES;
  const said = text.split(' ');
  const logProbs = new Float32Array(said.length * labels.length).fill(
    Math.log((1 - sureness) / labels.length),
  );
  said.forEach((phone, frame) => {
    const token = phone === '_' ? blankId : phone === '|' ? spaceId : labels.indexOf(phone);
    logProbs[frame * labels.length + token] = Math.log(sureness);
  });
  return logProbs;
}
