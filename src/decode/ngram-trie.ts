/**
 * The n-grams of a model as a trie, one node an n-gram. Node 0 is the empty context, node 1 + w the word w; the nodes
 * of order n follow those of order n − 1, sorted by parent, then by word, so that the children of a node are
 * neighbours. A context is a node of an order below the highest.
 */
export interface NgramTrie {
  readonly wordCount: number;
  readonly levelStart: Uint32Array; // [order + 2] first node of each order, from order 0; the last is the node count
  readonly childStart: Uint32Array; // [contexts + 1] first child; that of the next node ends the children
  readonly labels: Uint16Array | Uint32Array; // [nodes − 1 − words] last word of each node of order 2 and up
  readonly links: Uint32Array; // [nodes of order 3 to highest − 1] longest proper suffix that is a node
}

/**
 * The node of `context` followed by `word`; −1 where the model does not hold it.
 * @param word at least 0 and below `wordCount`.
 * Any thread. Binary search, allocates nothing.
 */
export function findChild(trie: NgramTrie, context: number, word: number): number {
  if (context === 0) return 1 + word;
  const {childStart, labels, wordCount} = trie;
  const firstLabel = 1 + wordCount;
  let low = childStart[context];
  let high = childStart[context + 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const label = labels[middle - firstLabel];
    if (label === word) return middle;
    if (label < word) low = middle + 1;
    else high = middle;
  }
  return -1;
}

/** The context without its oldest words: its longest proper suffix that is a node. Any thread, allocates nothing. */
export function suffixOf(trie: NgramTrie, context: number): number {
  const {levelStart, labels, links, wordCount} = trie;
  if (context < levelStart[2]) return 0;
  if (context < levelStart[3]) return 1 + labels[context - 1 - wordCount]; // every word is a node
  return links[context - levelStart[3]] | 0; // not a context: the root, so that no walk is endless
}
