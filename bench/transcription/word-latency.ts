/** A word that somebody says; milliseconds on the clock of the texts. */
export interface SpokenWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** A text of one utterance, partial or final, and when it was there to be read. */
export interface ShownText {
  readonly kind: 'partial' | 'final';
  readonly text: string;
  readonly ms: number;
}

/** Milliseconds from the end of a word until it stands in the text: for the first time, and not to go again. */
export interface WordLatency {
  readonly text: string;
  readonly firstMs: number;
  readonly forGoodMs: number;
}

/**
 * Measures how long after its end each word of a clip stands in the text. Words that the last text lacks have no latency.
 * No text shows a word before the word has begun, whatever it says.
 * @param words in order.
 * @param texts of the clip, in order: partials replace each other, and a final the partials before it.
 */
export function measureWordLatencies(
  words: readonly SpokenWord[],
  texts: readonly ShownText[],
): readonly WordLatency[] {
  const spoken = words.map(({text}) => text);
  const shown = accumulate(texts).map(({ms, text}) => ({ms, isThere: findWords(spoken, wordsOf(text))}));
  return words.flatMap(({text, startMs, endMs}, index) => {
    const since = shown
      .filter(({ms}) => ms >= startMs)
      .map(({ms, isThere}) => ({ms, isThere: isThere[index]}));
    if (!since.at(-1)?.isThere) return [];
    const first = since.find(({isThere}) => isThere);
    const forGood = since[since.findLastIndex(({isThere}) => !isThere) + 1];
    return [{text, firstMs: (first?.ms ?? NaN) - endMs, forGoodMs: (forGood?.ms ?? NaN) - endMs}];
  });
}

/**
 * Says which words are found in a text, in their order: of the choices with the most words the one whose words come first.
 * Time grows with the product of the lengths.
 */
export function findWords(words: readonly string[], text: readonly string[]): readonly boolean[] {
  const width = text.length + 1;
  const most = new Int32Array((words.length + 1) * width); // common words of what follows each pair of places
  for (let word = words.length - 1; word >= 0; word--) {
    for (let place = text.length - 1; place >= 0; place--) {
      most[word * width + place] =
        words[word] === text[place]
          ? 1 + (most[(word + 1) * width + place + 1] ?? 0)
          : Math.max(most[(word + 1) * width + place] ?? 0, most[word * width + place + 1] ?? 0);
    }
  }
  const canSkip = (word: number, place: number): boolean =>
    most[word * width + place] === most[word * width + place + 1];
  let place = 0;
  return words.map((wanted, word) => {
    while (place < text.length && text[place] !== wanted && canSkip(word, place)) place++;
    const isFound = place < text.length && text[place] === wanted;
    if (isFound) place++;
    return isFound;
  });
}

/** All that stands at each time: the finals so far and the partial behind them. */
function accumulate(texts: readonly ShownText[]): readonly Pick<ShownText, 'ms' | 'text'>[] {
  let finals = '';
  return texts.map(({kind, text, ms}) => {
    const all = `${finals} ${text}`;
    if (kind === 'final') finals = all;
    return {ms, text: all};
  });
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/u).filter(Boolean);
}
