/**
 * A lexicon as a trie over tokens: a node is a beginning of some spellings, node 0 the empty one. Flat arrays; the
 * children of a node are neighbours, sorted by token. Nodes follow each other by length.
 */
export interface LexiconTrie {
  readonly words: readonly string[]; // [wordCount] by word id, in the order of their first entries
  readonly rootNode: number;
  readonly nodeCount: number;
  /** The node of `node` followed by a token; −1 where no spelling goes on so. Binary search, allocates nothing. */
  childOf(node: number, token: number): number;
  /**
   * The id of a word spelled by the whole way from the root to a node; −1 where there is none.
   * @param which from 0: homophones end in one node, see {@link LexiconTrie.wordCountAt}; the default is the first.
   */
  wordIdAt(node: number, which?: number): number;
  /** How many words a node spells: 0, 1, or more where words are spelled alike. */
  wordCountAt(node: number): number;
  readonly childStart: Uint32Array; // [nodeCount + 1] first child; that of the next node ends the children
  readonly tokens: Uint32Array; // [nodeCount] last token of each node; that of the root is not used
}

/** What a trie is made of. */
export interface LexiconArrays extends Pick<LexiconTrie, 'words' | 'childStart' | 'tokens'> {
  readonly wordStart: Uint32Array; // [nodeCount + 1] first of the words at each node
  readonly wordIds: Uint32Array; // [sum of the words at all nodes]
}

/** The trie of arrays that `createLexicon` made. Any thread. */
export function viewLexicon({words, childStart, tokens, wordStart, wordIds}: LexiconArrays): LexiconTrie {
  const wordCountAt = (node: number): number => wordStart[node + 1] - wordStart[node];
  return {
    words,
    rootNode: 0,
    nodeCount: tokens.length,
    childOf: (node, token) => findToken(childStart, tokens, node, token),
    wordIdAt: (node, which = 0) => (which < wordCountAt(node) ? wordIds[wordStart[node] + which] : -1),
    wordCountAt,
    childStart,
    tokens,
  };
}

function findToken(childStart: Uint32Array, tokens: Uint32Array, node: number, token: number): number {
  let low = childStart[node];
  let high = childStart[node + 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (tokens[middle] === token) return middle;
    if (tokens[middle] < token) low = middle + 1;
    else high = middle;
  }
  return -1;
}
