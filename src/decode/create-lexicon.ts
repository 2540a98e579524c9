import {LexiconError} from './lexicon-error.ts';
import {viewLexicon, type LexiconArrays, type LexiconTrie} from './lexicon-trie.ts';

/** One way to spell or to say a word; a word may have several. */
export interface LexiconEntry {
  readonly word: string;
  readonly tokens: readonly string[]; // letters or phones, as the network's labels call them
}

interface Spelling {
  readonly wordId: number;
  readonly path: readonly number[]; // token ids
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
  const spellings = entries.map((entry) => {
    const wordId = ids.get(entry.word) ?? ids.size;
    ids.set(entry.word, wordId);
    return {wordId, path: readPath(entry, tokenIndex)};
  });
  spellings.sort((a, b) => comparePaths(a.path, b.path)); // stable: homophones stay in the order of the entries
  return viewLexicon({words: [...ids.keys()], ...layOutNodes(spellings)});
}

function readPath({word, tokens}: LexiconEntry, tokenIndex: ReadonlyMap<string, number>): readonly number[] {
  if (tokens.length === 0) throw new LexiconError({word}, `no tokens for "${word}"`, 'one or more');
  return tokens.map((token) => {
    const id = tokenIndex.get(token);
    if (id !== undefined) return id;
    const known = Array.from(tokenIndex.keys()).slice(0, 50).join(' ');
    throw new LexiconError({word, token}, `token "${token}" in "${word}"`, `one of ${known}`);
  });
}

/** Order by the first token that differs; a beginning goes before what it begins. */
function comparePaths(a: readonly number[], b: readonly number[]): number {
  const shared = Math.min(a.length, b.length);
  for (let place = 0; place < shared; place++) {
    if (a[place] !== b[place]) return a[place] - b[place];
  }
  return a.length - b.length;
}

/** Nodes by length, then in the order of the spellings: each is a run of spellings that begin alike. */
function layOutNodes(spellings: readonly Spelling[]): Omit<LexiconArrays, 'words'> {
  const capacity = 1 + spellings.reduce((total, {path}) => total + path.length, 0);
  const [tokens, runStart, runEnd, depths] = Array.from({length: 4}, () => new Uint32Array(capacity));
  const [childStart, wordStart] = [new Uint32Array(capacity + 1), new Uint32Array(capacity + 1)];
  const wordIds: number[] = [];
  runEnd[0] = spellings.length;
  let nodeCount = 1;
  for (let node = 0; node < nodeCount; node++) {
    const depth = depths[node];
    let spelling = runStart[node];
    childStart[node] = nodeCount;
    wordStart[node] = wordIds.length;
    for (; spelling < runEnd[node] && spellings[spelling].path.length === depth; spelling++) {
      addOnce(wordIds, wordStart[node], spellings[spelling].wordId);
    }
    while (spelling < runEnd[node]) {
      const child = nodeCount++;
      tokens[child] = spellings[spelling].path[depth];
      depths[child] = depth + 1;
      runStart[child] = spelling;
      while (spelling < runEnd[node] && spellings[spelling].path[depth] === tokens[child]) spelling++;
      runEnd[child] = spelling;
    }
  }
  childStart[nodeCount] = nodeCount;
  wordStart[nodeCount] = wordIds.length;
  return {
    tokens: tokens.slice(0, nodeCount),
    childStart: childStart.slice(0, nodeCount + 1),
    wordStart: wordStart.slice(0, nodeCount + 1),
    wordIds: Uint32Array.from(wordIds),
  };
}

function addOnce(wordIds: number[], start: number, wordId: number): void {
  if (!wordIds.includes(wordId, start)) wordIds.push(wordId);
}
