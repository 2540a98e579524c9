import {LexiconError} from './lexicon-error.ts';
import {viewLexicon, type LexiconArrays, type LexiconTrie} from './lexicon-trie.ts';

/** One way to spell or to say a word; a word may have several. */
export interface LexiconEntry {
  readonly word: string;
  readonly tokens: readonly string[]; // letters or phones, as the network's labels call them
}

/** Entries of words spelled by their characters. Any thread. */
export function spellWords(words: readonly string[]): readonly LexiconEntry[] {
  return words.map((word) => ({word, tokens: Array.from(word)}));
}

/**
 * Makes the trie of a lexicon. Words may be spelled alike, and be spelled in several ways; an entry that is there twice
 * counts once. Any thread; allocates some 40 bytes a token of the entries.
 * @param tokenIndex id of each token: the network's labels.
 * @throws LexiconError where there is no entry, an entry has no token, or a token that `tokenIndex` does not hold.
 */
export function createLexicon(
  entries: readonly LexiconEntry[],
  tokenIndex: ReadonlyMap<string, number>,
): LexiconTrie {
  if (entries.length === 0) throw new LexiconError({word: ''}, 'a lexicon without words', 'one or more');
  const ids = new Map<string, number>();
  const tree = new GrowingTree(entries);
  for (const entry of entries) {
    const wordId = ids.get(entry.word) ?? ids.size;
    ids.set(entry.word, wordId);
    addEntry(tree, entry, wordId, tokenIndex);
  }
  return viewLexicon({words: [...ids.keys()], ...layOutNodes(tree)});
}

function addEntry(
  tree: GrowingTree,
  {word, tokens}: LexiconEntry,
  wordId: number,
  tokenIndex: ReadonlyMap<string, number>,
): void {
  if (tokens.length === 0) throw new LexiconError({word}, `no tokens for "${word}"`, 'one or more');
  let node = ROOT;
  for (const token of tokens) {
    const id = tokenIndex.get(token);
    if (id === undefined) {
      const known = Array.from(tokenIndex.keys()).slice(0, 50).join(' ');
      throw new LexiconError({word, token}, `token "${token}" in "${word}"`, `one of ${known}`);
    }
    node = tree.childOf(node, id);
  }
  tree.addWord(node, wordId);
}

const ROOT = 0;
const NONE = -1;

/**
 * Nodes in the order of the entries, children and words as linked lists: sorting tens of thousands of spellings would
 * take longer than all else that opens a language model.
 */
class GrowingTree {
  nodeCount = 1;
  spellingCount = 0;
  readonly tokens: Uint32Array; // [capacity] last token of each node
  readonly firstChild: Int32Array; // [capacity] the child of the lowest token
  readonly nextSibling: Int32Array; // [capacity]
  readonly firstWord: Int32Array; // [capacity] place of the first spelling that ends here
  readonly nextWord: Int32Array; // [entries] place of the next spelling that ends in the same node
  readonly wordIds: Uint32Array; // [entries]

  constructor(entries: readonly LexiconEntry[]) {
    const capacity = 1 + entries.reduce((total, {tokens}) => total + tokens.length, 0);
    this.tokens = new Uint32Array(capacity);
    this.firstChild = new Int32Array(capacity).fill(NONE);
    this.nextSibling = new Int32Array(capacity).fill(NONE);
    this.firstWord = new Int32Array(capacity).fill(NONE);
    this.nextWord = new Int32Array(entries.length).fill(NONE);
    this.wordIds = new Uint32Array(entries.length);
  }

  /** The node one token further, found or made; siblings stay sorted. */
  childOf(node: number, token: number): number {
    const {tokens, firstChild, nextSibling} = this;
    let before = NONE;
    let child = firstChild[node];
    while (child !== NONE && tokens[child] < token) {
      before = child;
      child = nextSibling[child];
    }
    if (child !== NONE && tokens[child] === token) return child;
    const made = this.nodeCount++;
    tokens[made] = token;
    nextSibling[made] = child;
    if (before === NONE) firstChild[node] = made;
    else nextSibling[before] = made;
    return made;
  }

  /** Words spelled alike stay in the order of the entries; one that is there already is not added. */
  addWord(node: number, wordId: number): void {
    const {firstWord, nextWord, wordIds} = this;
    let last = NONE;
    for (let place = firstWord[node]; place !== NONE; place = nextWord[place]) {
      if (wordIds[place] === wordId) return;
      last = place;
    }
    const place = this.spellingCount++;
    wordIds[place] = wordId;
    if (last === NONE) firstWord[node] = place;
    else nextWord[last] = place;
  }
}

/** Nodes by length, then by their tokens: the children of each are neighbours. */
function layOutNodes(tree: GrowingTree): Omit<LexiconArrays, 'words'> {
  const {nodeCount, firstChild, nextSibling, firstWord, nextWord} = tree;
  const order = new Uint32Array(nodeCount); // of the tree's nodes
  const tokens = new Uint32Array(nodeCount);
  const childStart = new Uint32Array(nodeCount + 1);
  const wordStart = new Uint32Array(nodeCount + 1);
  const wordIds = new Uint32Array(tree.spellingCount);
  let placed = 1; // the root is
  let wordCount = 0;
  for (let node = 0; node < nodeCount; node++) {
    const from = order[node];
    tokens[node] = tree.tokens[from];
    childStart[node] = placed;
    wordStart[node] = wordCount;
    for (let child = firstChild[from]; child !== NONE; child = nextSibling[child]) order[placed++] = child;
    for (let place = firstWord[from]; place !== NONE; place = nextWord[place]) {
      wordIds[wordCount++] = tree.wordIds[place];
    }
  }
  childStart[nodeCount] = placed;
  wordStart[nodeCount] = wordCount;
  return {tokens, childStart, wordStart, wordIds};
}
