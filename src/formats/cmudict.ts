import {ModelFormatError} from '../graph/model-format-error.ts';

/** One pronunciation of a word; `createLexicon` of decode/ takes them. */
export interface Pronunciation {
  readonly word: string;
  readonly tokens: readonly string[]; // ARPAbet
}

/** How to read a dictionary. */
export interface CmudictOptions {
  /** What becomes of the stress digits of vowels (`AH0`); default: drop. */
  readonly stress?: 'drop' | 'keep';
}

/** The 39 phones of the CMU Pronouncing Dictionary. Source: http://www.speech.cs.cmu.edu/cgi-bin/cmudict */
export const ARPABET: readonly string[] =
  'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(
    ' ',
  );

const phones = new Set(ARPABET);

/**
 * Reads a pronunciation dictionary in the form of the CMU Pronouncing Dictionary, with or without stress: a word, then
 * its phones. `word(2)` is a further pronunciation of `word`; `;;;` begins a line of comment, ` #` the rest of one.
 * Any thread.
 * @throws ModelFormatError with the number of the line, where a word has no phones or something else than ARPAbet.
 */
export function readCmudict(text: string, {stress = 'drop'}: CmudictOptions = {}): readonly Pronunciation[] {
  const pronunciations: Pronunciation[] = [];
  text.split('\n').forEach((line, index) => {
    const fields = line.replace(/^;;;.*|\s#.*/, '').trim();
    if (fields !== '') pronunciations.push(readLine(fields, stress, index + 1));
  });
  return pronunciations;
}

function readLine(line: string, stress: 'drop' | 'keep', lineNumber: number): Pronunciation {
  const [entry = '', ...symbols] = line.split(/\s+/);
  const where = `line ${lineNumber} of a pronunciation dictionary`;
  if (symbols.length === 0) {
    throw new ModelFormatError(`no phones for "${entry.slice(0, 80)}" at ${where}`, 'one or more');
  }
  const tokens = symbols.map((symbol) => {
    const phone = symbol.replace(/[012]$/, '');
    if (phones.has(phone)) return stress === 'keep' ? symbol : phone;
    throw new ModelFormatError(`"${symbol.slice(0, 80)}" at ${where}`, `one of ${ARPABET.join(' ')}`);
  });
  return {word: entry.replace(/(.)\(\d+\)$/, '$1'), tokens};
}
