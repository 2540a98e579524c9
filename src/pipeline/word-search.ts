import {createLexicon} from '../decode/create-lexicon.ts';
import {createHotWords, type HotPhrase} from '../decode/hot-words.ts';
import type {LexiconWords} from '../decode/likeliest-word.ts';
import type {NgramModel} from '../decode/ngram-model.ts';
import {combineScorers, type PrefixScorer} from '../decode/prefix-scorer.ts';
import {expectWords, type WordExpectations} from '../decode/word-expectations.ts';
import {createWordFusion} from '../decode/word-fusion.ts';
import {WordsOfTokens} from '../decode/words-of-tokens.ts';
import type {TokenSet} from '../systems/card.ts';
import {sayHotWords, spellHotWords, type HotWord, type SaidHotWords} from './hot-phrases.ts';
import {createLetterText, createPhoneText, type UtteranceText} from './utterance-text.ts';
import {indexPhones, type WordKnowledge} from './word-knowledge.ts';

const DEFAULT_LANGUAGE_MODEL_WEIGHT = 0.5;
const DEFAULT_WORD_BONUS = 1.5;
const DEFAULT_HOT_WORD_BOOST = 4;
/** Taken from a word that the language model does not know: names are said, too, but rarely. */
const UNKNOWN_WORD_PENALTY = 6;

/** What the search knows of words beside the network; the page's names for it. */
export interface WordChoice {
  /** Weight of the language model; default 0.5. */
  readonly languageModelWeight?: number;
  /** Added to a hypothesis for each word, natural log; default 1.5. Only with a language model. */
  readonly wordBonus?: number;
  /** Words or phrases that are likelier here than elsewhere. */
  readonly hotWords?: readonly HotWord[];
  /** Added to a hypothesis for each hot word, natural log; default 4. */
  readonly hotWordBoost?: number;
}

/** What a search asks beside the network, and how its tokens are written. */
export interface WordSearch {
  /** Undefined where there is nothing to ask. */
  readonly scorer: PrefixScorer | undefined;
  /** Whether only the best stays of hypotheses with one future: where all that can follow is in the scorer's state. */
  readonly dropsTwins: boolean;
  readonly text: UtteranceText;
}

/**
 * Plans what a search knows of words. Letters may spell words that the language model does not know, at a penalty;
 * phones are words of the lexicon, or hot words. Any thread.
 * @throws LexiconError where a hot word cannot be spelled or said.
 */
export function createWordSearch(
  tokens: TokenSet,
  knowledge: WordKnowledge | undefined,
  choice: WordChoice,
): WordSearch {
  return knowledge?.pronunciations
    ? searchPhones(tokens, knowledge, choice)
    : searchLetters(tokens, knowledge, choice);
}

function searchLetters(
  tokens: TokenSet,
  knowledge: WordKnowledge | undefined,
  {hotWords = [], hotWordBoost = DEFAULT_HOT_WORD_BOOST, ...choice}: WordChoice,
): WordSearch {
  const scorers = [
    ...(knowledge
      ? [createFusion(tokens, knowledge, choice, {unknownWordPenalty: UNKNOWN_WORD_PENALTY})]
      : []),
    ...createBoosts(tokens, spellHotWords(tokens, hotWords, hotWordBoost)),
  ];
  return {
    scorer: scorers.length > 0 ? combineScorers(scorers) : undefined,
    dropsTwins: false,
    text: createLetterText(tokens),
  };
}

function searchPhones(
  tokens: TokenSet,
  knowledge: WordKnowledge,
  {hotWords = [], hotWordBoost = DEFAULT_HOT_WORD_BOOST, ...choice}: WordChoice,
): WordSearch {
  const said = sayHotWords(tokens, knowledge, hotWords, hotWordBoost);
  const words = joinHotWords(tokens, knowledge, said, hotWordBoost);
  const expectations = words.lexicon === knowledge.lexicon ? knowledge.expectations : expectWords(words);
  const fusion = createFusion(tokens, words, choice, {expectations});
  const boosts = createBoosts(tokens, said.phrases);
  return {
    scorer: combineScorers([fusion, ...boosts]),
    dropsTwins: true,
    text: createPhoneText(tokens, new WordsOfTokens({...words, spaceId: tokens.spaceId})),
  };
}

/** The lexicon with the hot words in it, which are preferred to what sounds alike. */
function joinHotWords(
  tokens: TokenSet,
  {model, lexicon, listEntries, modelIds}: WordKnowledge,
  said: SaidHotWords,
  preference: number,
): LexiconWords & {readonly model: NgramModel} {
  if (said.entries.length === 0) return {model, lexicon, modelIds};
  const joined = createLexicon([...listEntries(), ...said.entries], indexPhones(tokens));
  const knownCount = lexicon.words.length;
  const added = joined.words.slice(knownCount).map((word) => said.modelIds.get(word) ?? model.unknownId);
  const preferences = Float64Array.from(joined.words, (word) => (said.modelIds.has(word) ? preference : 0));
  return {model, lexicon: joined, modelIds: Int32Array.from([...modelIds, ...added]), preferences};
}

function createFusion(
  {labels, spaceId}: TokenSet,
  {model, lexicon, modelIds, preferences}: LexiconWords,
  {languageModelWeight = DEFAULT_LANGUAGE_MODEL_WEIGHT, wordBonus = DEFAULT_WORD_BONUS}: WordChoice,
  more: {readonly unknownWordPenalty?: number; readonly expectations?: WordExpectations | undefined},
): PrefixScorer {
  return createWordFusion({
    tokenCount: labels.length,
    spaceId,
    lexicon,
    model,
    modelIds,
    preferences,
    alpha: languageModelWeight,
    beta: wordBonus,
    ...more,
  });
}

function createBoosts({labels, spaceId}: TokenSet, phrases: readonly HotPhrase[]): readonly PrefixScorer[] {
  return phrases.length > 0 ? [createHotWords({tokenCount: labels.length, spaceId, phrases})] : [];
}
