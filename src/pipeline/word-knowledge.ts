import {createLexicon, type LexiconEntry} from '../decode/create-lexicon.ts';
import {createHotWords} from '../decode/hot-words.ts';
import type {LexiconTrie} from '../decode/lexicon-trie.ts';
import {openNgramModel, type NgramModel} from '../decode/ngram-model.ts';
import {combineScorers, type PrefixScorer} from '../decode/prefix-scorer.ts';
import {createWordFusion} from '../decode/word-fusion.ts';
import type {TokenSet} from '../systems/card.ts';

const DEFAULT_LANGUAGE_MODEL_WEIGHT = 0.5;
const DEFAULT_WORD_BONUS = 1.5;
const DEFAULT_HOT_WORD_BOOST = 4;
/** Taken from a word that the language model does not know: names are said, too, but rarely. */
const UNKNOWN_WORD_PENALTY = 6;

/** A language model, and how its words are spelled in a system's letters. */
export interface WordKnowledge {
  readonly model: NgramModel;
  readonly lexicon: LexiconTrie;
}

/** What the search knows of words beside the network; the page's names for it. */
export interface WordChoice {
  /** Weight of the language model; default 0.5. */
  readonly languageModelWeight?: number;
  /** Added to a hypothesis for each word, natural log; default 1.5. Only with a language model. */
  readonly wordBonus?: number;
  /** Words or phrases that are likelier here than elsewhere. */
  readonly hotWords?: readonly string[];
  /** Added to a hypothesis for each hot word, natural log; default 4. */
  readonly hotWordBoost?: number;
}

/**
 * Opens a language model for a system that spells in letters; words with letters that the system lacks are left out.
 * Any thread.
 * @param bytes the binary form that `earshot build-lm` writes.
 * @throws LanguageModelError where it is none, or damaged; LexiconError where the system can spell none of its words.
 */
export function openWordKnowledge(bytes: Uint8Array, tokens: TokenSet): WordKnowledge {
  // a copy where they are a piece of something larger, as Node's are: the model is views of a whole buffer
  const isWhole = bytes.byteLength === bytes.buffer.byteLength;
  const model = openNgramModel((isWhole ? bytes : bytes.slice()).buffer as ArrayBuffer);
  const letters = letterIndex(tokens);
  const entries = Array.from({length: model.wordCount}, (_, id) => spell(model.wordOf(id)));
  const spellable = entries.filter(({tokens}) => tokens.every((token) => letters.has(token)));
  return {model, lexicon: createLexicon(spellable, letters)};
}

/**
 * What the search asks beside the network; undefined where there is nothing.
 * @throws RangeError where a hot word is empty or has a letter that the system lacks.
 */
export function createScorer(
  tokens: TokenSet,
  knowledge: WordKnowledge | undefined,
  choice: WordChoice,
): PrefixScorer | undefined {
  const scorers = [
    ...(knowledge ? [createFusion(tokens, knowledge, choice)] : []),
    ...(choice.hotWords?.length ? [createBoost(tokens, choice.hotWords, choice.hotWordBoost)] : []),
  ];
  return scorers.length > 0 ? combineScorers(scorers) : undefined;
}

function createFusion(
  {labels, spaceId}: TokenSet,
  {model, lexicon}: WordKnowledge,
  {languageModelWeight = DEFAULT_LANGUAGE_MODEL_WEIGHT, wordBonus = DEFAULT_WORD_BONUS}: WordChoice,
): PrefixScorer {
  return createWordFusion({
    tokenCount: labels.length,
    spaceId,
    lexicon,
    model,
    alpha: languageModelWeight,
    beta: wordBonus,
    unknownWordPenalty: UNKNOWN_WORD_PENALTY,
  });
}

function createBoost(
  tokens: TokenSet,
  hotWords: readonly string[],
  boost = DEFAULT_HOT_WORD_BOOST,
): PrefixScorer {
  const letters = letterIndex(tokens);
  const phrases = hotWords.map((phrase) => {
    const path = spell(phrase.trim().replaceAll(/\s+/g, ' ')).tokens.map((letter) => {
      const token = letter === ' ' ? tokens.spaceId : letters.get(letter);
      if (token !== undefined) return token;
      const known = Array.from(letters.keys()).join('');
      throw new RangeError(`hot word "${phrase}": got "${letter}", expected letters of ${known}`);
    });
    return {tokens: path, boost};
  });
  return createHotWords({tokenCount: tokens.labels.length, spaceId: tokens.spaceId, phrases});
}

/** Networks know small letters, texts are written in both. */
function spell(word: string): LexiconEntry {
  return {word, tokens: Array.from(word.toLowerCase())};
}

/** The system's letters by their text: all tokens but the blank and the space. */
function letterIndex({labels, blankId, spaceId}: TokenSet): ReadonlyMap<string, number> {
  return new Map(
    labels.flatMap((label, id) => (id === blankId || id === spaceId ? [] : [[label.toLowerCase(), id]])),
  );
}
