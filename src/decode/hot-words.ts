import {checkTokenId} from './log-softmax.ts';
import type {PrefixScorer} from './prefix-scorer.ts';

/** A word or a phrase that is expected. */
export interface HotPhrase {
  /** Its spelling, words parted by single spaces. */
  readonly tokens: readonly number[];
  /** Natural logarithm, above 0: added once for each time that it occurs as whole words. */
  readonly boost: number;
}

/** What hot words are made of. */
export interface HotWordsOptions {
  readonly tokenCount: number;
  readonly spaceId: number;
  readonly phrases: readonly HotPhrase[];
}

// states of the automaton; the others are beginnings of phrases
const AT_WORD_START = 0;
const IN_OTHER_WORD = 1;

/**
 * Boosts words and phrases that are expected: each adds its boost where it occurs from word start to word end,
 * overlapping ones too. While one is being spelled it has a share of its boost, depth ÷ length, so that it is not
 * pruned before its end; the share is taken back where the spelling goes another way.
 *
 * An Aho-Corasick automaton over tokens whose fallbacks begin at word starts, as a dense table: 12 bytes for each
 * token of each state, states ≤ 2 + all tokens of all phrases. State: the automaton's. Allocates when it is made only.
 * @throws RangeError where a phrase is empty, begins or ends with a space or has two in a row, holds what is no token,
 * or has a boost that is not above 0 and finite.
 */
export function createHotWords(options: HotWordsOptions): PrefixScorer {
  const {tokenCount} = options;
  const {next, gains, endGains} = fillTables(growTree(options), options);
  const gainBounds = new Float64Array(tokenCount).fill(-Infinity);
  gains.forEach((value, index) => {
    gainBounds[index % tokenCount] = Math.max(gainBounds[index % tokenCount], value);
  });
  const gain = new Float64Array(1);
  return {
    stateLength: 1,
    gainBounds,
    gain,
    startInto: (out, at) => {
      out[at] = AT_WORD_START;
    },
    extendInto: (states, at, token, out, outAt) => {
      const entry = states[at] * tokenCount + token;
      gain[0] = gains[entry];
      out[outAt] = next[entry];
    },
    endInto: (states, at) => {
      gain[0] = endGains[states[at]];
    },
  };
}

/** A beginning of phrases. */
interface Beginning {
  readonly children: Map<number, number>; // state by token
  /** The largest share that a phrase has here, and the boost of the phrase that is whole here. */
  share: number;
  boost: number;
}

function createBeginning(): Beginning {
  return {children: new Map(), share: 0, boost: 0};
}

function growTree({tokenCount, spaceId, phrases}: HotWordsOptions): readonly Beginning[] {
  checkTokenId('spaceId', spaceId, tokenCount);
  const tree = [createBeginning(), createBeginning()];
  for (const {tokens, boost} of phrases) {
    checkPhrase(tokens, boost, spaceId);
    let state = AT_WORD_START;
    tokens.forEach((token, index) => {
      checkTokenId('token of a hot word', token, tokenCount);
      const child = tree[state].children.get(token) ?? tree.push(createBeginning()) - 1;
      tree[state].children.set(token, child);
      tree[child].share = Math.max(tree[child].share, (boost * (index + 1)) / tokens.length);
      state = child;
    });
    tree[state].boost = Math.max(tree[state].boost, boost);
  }
  return tree;
}

function checkPhrase(tokens: readonly number[], boost: number, spaceId: number): void {
  if (!(boost > 0 && boost < Infinity)) {
    throw new RangeError(`boost: got ${boost}, expected a finite number above 0`);
  }
  const isParted = tokens.every((token, index) => token !== spaceId || tokens[index - 1] !== spaceId);
  if (tokens.length > 0 && isParted && tokens[0] !== spaceId && tokens.at(-1) !== spaceId) return;
  throw new RangeError(`hot word: got [${tokens.join(', ')}], expected words parted by single spaces`);
}

interface HotWordTables {
  readonly next: Int32Array; // [stateCount × tokenCount]
  readonly gains: Float64Array; // [stateCount × tokenCount]
  readonly endGains: Float64Array; // [stateCount]
}

function fillTables(tree: readonly Beginning[], {tokenCount, spaceId}: HotWordsOptions): HotWordTables {
  const next = new Int32Array(tree.length * tokenCount);
  const gains = new Float64Array(tree.length * tokenCount);
  const fallback = new Int32Array(tree.length).fill(IN_OTHER_WORD); // the longest ending that is a beginning too
  const completed = new Float64Array(tree.length); // boosts of all phrases that end where a state does
  // shorter beginnings first: a row is filled from that of the fallback, which is shorter
  const queue = [IN_OTHER_WORD, AT_WORD_START];
  for (let place = 0; place < queue.length; place++) {
    const state = queue[place];
    const {children, share, boost} = tree[state];
    if (state > IN_OTHER_WORD) completed[state] = boost + completed[fallback[state]];
    for (let token = 0; token < tokenCount; token++) {
      const entry = state * tokenCount + token;
      const other = token === spaceId ? AT_WORD_START : IN_OTHER_WORD;
      const fallen = state > IN_OTHER_WORD ? next[fallback[state] * tokenCount + token] : other;
      const child = children.get(token);
      next[entry] = child ?? fallen;
      gains[entry] = (token === spaceId ? completed[state] : 0) + tree[next[entry]].share - share;
      if (child === undefined) continue;
      fallback[child] = fallen;
      queue.push(child);
    }
  }
  return {next, gains, endGains: completed.map((boost, state) => boost - tree[state].share)};
}
