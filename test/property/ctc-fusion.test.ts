import {describe, expect, it} from 'vitest';
import {createLexicon, spellWords} from '../../src/decode/create-lexicon.ts';
import {ctcPrefixBeamSearch} from '../../src/decode/ctc-prefix-beam.ts';
import {createHotWords, type HotPhrase} from '../../src/decode/hot-words.ts';
import {combineScorers, type PrefixScorer} from '../../src/decode/prefix-scorer.ts';
import {expectWords} from '../../src/decode/word-expectations.ts';
import {createWordFusion} from '../../src/decode/word-fusion.ts';
import {readArpa} from '../../src/formats/arpa.ts';
import {randomLogProbs} from '../support/ctc-cases.ts';
import {goldenArpa, openGoldenModel} from '../support/ctc-goldens.ts';
import {seededRandom, type SeededRandom} from '../support/prng.ts';
import {ReferenceNgramModel} from '../support/reference-ngram.ts';
import {textbookPrefixBeamSearch, type TextbookScorer} from '../support/textbook-prefix-beam.ts';

const LABELS = ['_', ' ', 'a', 't', 'h', 'e', 'c', 'd', 'o'];
const OPTIONS = {tokenCount: LABELS.length, blankId: 0, beamWidth: 32};
const SPACE = 1;
const textOf = (tokens: readonly number[]): string => tokens.map((token) => LABELS[token]).join('');

/** What the words of a text score, from the words alone: all of it, each time anew. */
function scoreOf(tokens: readonly number[], state: Int32Array, scorer: PrefixScorer): number {
  scorer.startInto(state, 0);
  let sum = 0;
  for (const token of tokens) {
    scorer.extendInto(state, 0, token, state, 0);
    sum += scorer.gain[0]!;
    if (sum === -Infinity) return sum;
  }
  scorer.endInto(state, 0);
  return sum + scorer.gain[0]!;
}

/** What decides what can follow: the last token and the scorer's state. */
function futureOf(tokens: readonly number[], scorer: PrefixScorer): string {
  const state = new Int32Array(scorer.stateLength);
  scorer.startInto(state, 0);
  for (const token of tokens) scorer.extendInto(state, 0, token, state, 0);
  return [tokens.at(-1), ...state].join(' ');
}

/** Any text of spaces and letters, with words of the list more often than chance has them. */
function randomTokens(random: SeededRandom, words: readonly string[]): readonly number[] {
  const parts = Array.from({length: random.integer(0, 8)}, () =>
    random.next() < 0.6
      ? ` ${random.pick(words)}${random.pick(['', '', ' ', 'a'])}`
      : random.pick(LABELS.slice(1)),
  );
  return Array.from(parts.join(''), (letter) => LABELS.indexOf(letter));
}

describe('fusion with words', () => {
  const name = 'tiny_word_bigram.arpa';
  const reference = new ReferenceNgramModel(readArpa(goldenArpa(name)));
  const model = openGoldenModel(name);
  const known = ['a', 'the', 'cat', 'to', 'he', 'hot']; // the model does not know the last
  const lexicon = createLexicon(spellWords(known), new Map(LABELS.map((label, token) => [label, token])));

  /** Closed words by the reference model; a word that is not known costs 2. */
  const referenceScorer =
    (alpha: number, beta: number): TextbookScorer =>
    (tokens, isEnd) => {
      const words = textOf(tokens).split(' ');
      const open = words.pop() ?? '';
      const context = ['<s>'];
      let score = 0;
      for (const word of isEnd ? [...words, open] : words) {
        if (word === '') continue;
        score += alpha * reference.score(word, context) + beta - (known.includes(word) ? 0 : 2);
        context.push(word);
      }
      const isOffTrack = !known.some((word) => word.startsWith(open));
      return score - (!isEnd && isOffTrack ? 2 : 0);
    };

  it('ranks and scores as the textbook search with a plain model does', () => {
    for (let seed = 1; seed <= 25; seed++) {
      const random = seededRandom(seed);
      const [alpha, beta] = [random.between(0, 2), random.between(-1, 2)];
      const logProbs = randomLogProbs(random, {tokenCount: LABELS.length, frameCount: 40}, 4);
      const scorer = createWordFusion({
        ...{tokenCount: LABELS.length, spaceId: SPACE, lexicon, model, alpha, beta},
        unknownWordPenalty: 2,
      });
      const expected = textbookPrefixBeamSearch(logProbs, OPTIONS, referenceScorer(alpha, beta));
      const got = ctcPrefixBeamSearch(logProbs, {...OPTIONS, scorer});
      expect(
        got.map(({tokens}) => textOf([...tokens])),
        `seed ${seed}`,
      ).toEqual(expected.map(({tokens}) => textOf(tokens)));
      got.forEach(({score}, rank) =>
        expect(Math.abs(score - expected[rank]!.score), `seed ${seed}`).toBeLessThan(1e-6),
      );
    }
  });

  it('finds words of the lexicon only, unless unknown ones are allowed', () => {
    const scorer = createWordFusion({tokenCount: LABELS.length, spaceId: SPACE, lexicon});
    for (let seed = 1; seed <= 25; seed++) {
      const logProbs = randomLogProbs(seededRandom(seed), {tokenCount: LABELS.length, frameCount: 40}, 4);
      const free = ctcPrefixBeamSearch(logProbs, OPTIONS);
      expect(free.every(({tokens}) => isKnown(textOf([...tokens])))).toBe(false);
      for (const {tokens, score} of ctcPrefixBeamSearch(logProbs, {...OPTIONS, scorer})) {
        const text = textOf([...tokens]);
        expect(isKnown(text), `seed ${seed}: ${text}`).toBe(score > -Infinity);
      }
    }
  });

  function isKnown(text: string): boolean {
    return text.split(' ').every((word) => word === '' || known.includes(word));
  }

  it('scores a word of several spellings alike, and of words spelled alike takes the likeliest', () => {
    const tokenIds = new Map(LABELS.map((label, token) => [label, token]));
    const homophones = createLexicon(
      [...spellWords(['cat']), {word: 'a', tokens: ['c', 'a', 't']}, {word: 'a', tokens: ['a']}],
      tokenIds,
    );
    const scorer = createWordFusion({
      ...{tokenCount: LABELS.length, spaceId: SPACE, model},
      lexicon: homophones,
    });
    const spell = (text: string) => Array.from(text, (letter) => LABELS.indexOf(letter));
    const likeliest = Math.max(reference.score('cat', ['<s>']), reference.score('a', ['<s>']));
    expect(scoreOf(spell('cat'), new Int32Array(2), scorer)).toBeCloseTo(likeliest, 9);
    expect(scoreOf(spell('a'), new Int32Array(2), scorer)).toBeCloseTo(reference.score('a', ['<s>']), 9);
  });

  it('keeps one of the prefixes that only differ in what is behind them', () => {
    const scorer = createWordFusion({tokenCount: LABELS.length, spaceId: SPACE, lexicon, model});
    const sums = {all: 0, withoutTwins: 0};
    for (let seed = 1; seed <= 25; seed++) {
      const logProbs = randomLogProbs(seededRandom(seed), {tokenCount: LABELS.length, frameCount: 40}, 3);
      const options = {...OPTIONS, beamWidth: 8, scorer};
      const withoutTwins = ctcPrefixBeamSearch(logProbs, {...options, dropsTwins: true});
      const futures = withoutTwins.map(({tokens}) => futureOf([...tokens], scorer));
      expect(new Set(futures).size, `seed ${seed}`).toBe(futures.length);
      sums.withoutTwins += withoutTwins[0]!.score;
      sums.all += ctcPrefixBeamSearch(logProbs, options)[0]!.score;
    }
    // a narrow beam holds more that can win
    expect(sums.withoutTwins).toBeGreaterThan(sums.all);
  });

  it('finds what it finds with twins where nothing is pruned', () => {
    const scorer = createWordFusion({tokenCount: LABELS.length, spaceId: SPACE, lexicon, model});
    for (let seed = 1; seed <= 25; seed++) {
      const logProbs = randomLogProbs(seededRandom(seed), {tokenCount: LABELS.length, frameCount: 12}, 6);
      const options = {...OPTIONS, beamWidth: 4096, scorer};
      const [all] = ctcPrefixBeamSearch(logProbs, options, 1);
      const [withoutTwins] = ctcPrefixBeamSearch(logProbs, {...options, dropsTwins: true}, 1);
      expect(textOf([...withoutTwins!.tokens]), `seed ${seed}`).toBe(textOf([...all!.tokens]));
    }
  });

  it('scores whole texts as without looking ahead', () => {
    const options = {tokenCount: LABELS.length, spaceId: SPACE, model, lexicon};
    for (let seed = 1; seed <= 100; seed++) {
      const random = seededRandom(seed);
      const tokens = randomTokens(random, known);
      const weights = {
        alpha: random.between(0, 2),
        beta: random.between(-1, 2),
        unknownWordPenalty: random.pick([2, Infinity]),
      };
      const [expected, got] = [undefined, expectWords(options)].map((expectations) =>
        scoreOf(tokens, new Int32Array(2), createWordFusion({...options, ...weights, expectations})),
      );
      if (expected === -Infinity) expect(got, `seed ${seed}`).toBe(-Infinity);
      else expect(got, `seed ${seed}`).toBeCloseTo(expected!, 9);
    }
  });

  it('expects of an open word what the likeliest word has that it may become', () => {
    const options = {tokenCount: LABELS.length, spaceId: SPACE, model, lexicon};
    const scorer = createWordFusion({...options, alpha: 2, expectations: expectWords(options)});
    const state = new Int32Array(2);
    scorer.startInto(state, 0);
    scorer.extendInto(state, 0, LABELS.indexOf('h'), state, 0); // he; the model does not know hot
    expect(scorer.gain[0]).toBeCloseTo(2 * reference.score('he', []), 9);
  });

  it.each([false, true])(
    'never gains more by a token than it says, on which the pruning relies (looking ahead: %s)',
    (looksAhead) => {
      const scorer = createWordFusion({
        ...{tokenCount: LABELS.length, spaceId: SPACE, model, lexicon},
        ...{beta: 1, unknownWordPenalty: 1},
        ...(looksAhead && {expectations: expectWords({model, lexicon})}),
      });
      expectBounds(scorer, seededRandom(7), known);
    },
  );
});

function expectBounds(scorer: PrefixScorer, random: SeededRandom, words: readonly string[]): void {
  const state = new Int32Array(scorer.stateLength);
  let largestExcess = -Infinity;
  for (let round = 0; round < 100; round++) {
    scorer.startInto(state, 0);
    for (const token of randomTokens(random, words)) {
      scorer.extendInto(state, 0, token, state, 0);
      largestExcess = Math.max(largestExcess, scorer.gain[0]! - scorer.gainBounds[token]!);
    }
  }
  expect(largestExcess, `seed ${random.seed}`).toBeLessThanOrEqual(1e-12);
}

describe('hot words', () => {
  const words = ['cat', 'a cat', 'the cat', 'cat data', 'data', 'tea', 'tea a', 'he'];

  /** Occurrences as whole words, overlapping ones too, each at its boost. */
  const countedBoosts = (text: string, boosts: ReadonlyMap<string, number>): number => {
    const padded = ` ${text} `;
    let sum = 0;
    for (const [phrase, boost] of boosts) {
      for (let at = 0; at < padded.length; at++) if (padded.startsWith(` ${phrase} `, at)) sum += boost;
    }
    return sum;
  };
  const phrasesOf = (boosts: ReadonlyMap<string, number>): HotPhrase[] =>
    Array.from(boosts, ([phrase, boost]) => ({
      tokens: Array.from(phrase, (letter) => LABELS.indexOf(letter)),
      boost,
    }));

  it('add their boost once for each whole occurrence and nothing for what is begun only', () => {
    let countedCount = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const random = seededRandom(seed);
      const boosts = new Map(
        words.filter(() => random.next() < 0.6).map((word) => [word, random.between(0.5, 4)]),
      );
      const scorer = createHotWords({
        ...{tokenCount: LABELS.length, spaceId: SPACE},
        phrases: phrasesOf(boosts),
      });
      for (let round = 0; round < 20; round++) {
        const tokens = randomTokens(random, words);
        const expected = countedBoosts(textOf(tokens), boosts);
        if (expected > 0) countedCount++;
        const got = scoreOf(tokens, new Int32Array(1), scorer);
        expect(Math.abs(got - expected), `seed ${seed}: "${textOf(tokens)}"`).toBeLessThan(1e-9);
      }
      expectBounds(scorer, random, words);
    }
    expect(countedCount).toBeGreaterThan(300);
  });

  it('add up with a word model, and turn the search towards them', () => {
    const lexicon = createLexicon(
      spellWords(['cat', 'cad', 'a']),
      new Map(LABELS.map((label, token) => [label, token])),
    );
    const base = {tokenCount: LABELS.length, spaceId: SPACE};
    const word = createWordFusion({...base, lexicon});
    const hot = createHotWords({...base, phrases: phrasesOf(new Map([['cad', 3]]))});
    const logProbs = new Float64Array(4 * LABELS.length).fill(Math.log(1e-3));
    Array.from('ca').forEach((letter, frame) => {
      logProbs[frame * LABELS.length + LABELS.indexOf(letter)] = Math.log(0.9);
    });
    logProbs[2 * LABELS.length + LABELS.indexOf('t')] = Math.log(0.6);
    logProbs[2 * LABELS.length + LABELS.indexOf('d')] = Math.log(0.3);
    logProbs[3 * LABELS.length] = Math.log(0.9);
    const [plain] = ctcPrefixBeamSearch(logProbs, {...OPTIONS, scorer: word});
    const [boosted] = ctcPrefixBeamSearch(logProbs, {...OPTIONS, scorer: combineScorers([word, hot])});
    expect(textOf([...plain!.tokens])).toBe('cat');
    expect(textOf([...boosted!.tokens])).toBe('cad');
    expect(boosted!.fusionScore).toBeCloseTo(3, 12);
  });
});
