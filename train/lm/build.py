"""Makes a trigram model of a text and writes it in ARPA form.

Command: /usr/bin/python3 -m train.lm.build --text .cache/train-lm/train.txt --words 50000 --ngrams 1000000 \
  --lower continuation -o FILE.arpa

- Words: the most frequent of the text; all others are `<unk>`, whose probability is that of all of them together. No
  n-gram of two or three words holds `<unk>`.
- Estimation: interpolated, with three discounts an order from the counts of counts (Chen and Goodman, "An empirical
  study of smoothing techniques for language modeling", 1999). `--lower continuation` is modified
  Kneser-Ney: orders below the highest count in how many contexts a word is seen. `--lower counts` is absolute
  discounting with the same discounts: they count how often. Pruned hard, the second predicts better; train/README.md has
  the figures.
- Pruning: the n-grams whose loss changes the model's entropy least go first (Stolcke, "Entropy-based pruning of backoff
  language models", 1998), until `--ngrams` are left, 1-grams included. How often a context occurs
  is taken from the text, not from the lower orders: Kneser-Ney's would not tell it (Chelba and others, "Study on
  interaction between entropy pruning and Kneser-Ney smoothing", 2010). What stays keeps its probability; back-off
  weights are computed anew, so that the probabilities after every context sum to 1.
"""
import argparse
from array import array
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

START, END, UNKNOWN = '<s>', '</s>', '<unk>'
WORD_BITS = 16  # three words in one key of 48 bits
WORD_MASK = (1 << WORD_BITS) - 1
PAIR_MASK = (1 << 2 * WORD_BITS) - 1
CHUNK_LINES = 100_000
LEAST_MASS = 1e-9  # of what is left for the words that a context does not list


@dataclass
class Order:
    """The n-grams of one order, sorted: keys, counts, probabilities, and for each the number of its context."""
    keys: np.ndarray  # [count] words of WORD_BITS, the oldest highest
    counts: np.ndarray  # [count]
    contexts: np.ndarray  # [context count] keys of the n-grams without their last words
    context_of: np.ndarray  # [count] index into contexts
    probs: np.ndarray | None = None  # [count]
    keep: np.ndarray | None = None  # [count]

    @staticmethod
    def of(keys: np.ndarray, counts: np.ndarray) -> 'Order':
        contexts, context_of = np.unique(keys >> WORD_BITS, return_inverse=True)
        return Order(keys, counts, contexts, context_of)

    def sums(self, values: np.ndarray) -> np.ndarray:
        """The sum of some values over the n-grams of each context: [context count]."""
        return np.bincount(self.context_of, weights=values, minlength=len(self.contexts))

    @property
    def words(self) -> np.ndarray:
        return self.keys & WORD_MASK


def read_chunks(path: Path):
    with open(path, encoding='utf-8') as lines:
        while chunk := list(islice(lines, CHUNK_LINES)):
            yield chunk


def choose_words(path: Path, word_count: int) -> list[str]:
    """The most frequent words, at most word_count with the three marks, in the order of their bytes."""
    counts = Counter()
    for chunk in read_chunks(path):
        counts.update(' '.join(chunk).split())
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return sorted([START, END, UNKNOWN, *ranked[:word_count - 3]], key=str.encode)


def read_tokens(path: Path, words: list[str]) -> np.ndarray:
    """The whole text as indices of words, every sentence between its marks."""
    ids = {word: index for index, word in enumerate(words)}
    unknown = ids[UNKNOWN]
    tokens = array('H')
    for chunk in read_chunks(path):
        for line in chunk:
            marked = [START, *line.split(), END]
            tokens.extend([ids.get(word, unknown) for word in marked])
    return np.frombuffer(tokens, dtype=np.uint16).astype(np.int64)


def count_ngrams(tokens: np.ndarray, start: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Keys and counts of the 1-, 2- and 3-grams within sentences; `<s>` is no 1-gram, for nothing predicts it."""
    inner = tokens != start
    pairs = tokens[:-1] << WORD_BITS | tokens[1:]
    triples = pairs[:-1] << WORD_BITS | tokens[2:]
    return [
        np.unique(tokens[inner], return_counts=True),
        np.unique(pairs[inner[1:]], return_counts=True),
        np.unique(triples[inner[1:-1] & inner[2:]], return_counts=True),
    ]


def compute_discounts(counts: np.ndarray) -> np.ndarray:
    """What is taken from counts of 0, 1, 2, and 3 or more; a text too small to tell gives half of that at most."""
    seen = np.bincount(np.minimum(counts, 5), minlength=6).astype(float)
    if not seen[1:5].all():
        return np.array([0, 0.5, 0.75, 0.75])
    share = seen[1] / (seen[1] + 2 * seen[2])
    discounts = [n - (n + 1) * share * seen[n + 1] / seen[n] for n in (1, 2, 3)]
    return np.clip([0, *discounts], 0, [0, 1, 2, 3])


def estimate(order: Order, lower: np.ndarray) -> None:
    """Sets the interpolated probabilities. lower: [count] the probability of each after the shorter context."""
    discounts = compute_discounts(order.counts)[np.minimum(order.counts, 3)]
    totals = order.sums(order.counts)
    left_over = order.sums(discounts) / totals
    order.probs = (order.counts - discounts) / totals[order.context_of] + left_over[order.context_of] * lower


def estimate_words(counts: np.ndarray, start: int) -> np.ndarray:
    """The probability of each word alone, interpolated with the same for all but `<s>`, which has none."""
    discounts = compute_discounts(counts)[np.minimum(counts, 3)]
    probs = (counts - discounts + discounts.sum() / (len(counts) - 1)) / counts.sum()
    probs[start] = 0
    return probs / probs.sum()


def compute_losses(order: Order, lower: np.ndarray, context_probs: np.ndarray) -> np.ndarray:
    """Stolcke's relative entropy between the model and the model without one n-gram, for each: [count]."""
    mass = np.maximum(1 - order.sums(order.probs), LEAST_MASS)[order.context_of]
    lower_mass = np.maximum(1 - order.sums(lower), LEAST_MASS)[order.context_of]
    change = np.log((mass + order.probs) / (lower_mass + lower)) - np.log(mass / lower_mass)
    weight = np.log(mass / lower_mass)
    own = order.probs * (np.log(lower) + weight + change - np.log(order.probs))
    return -context_probs[order.context_of] * (own + mass * change)


def prune(pairs: Order, triples: Order, losses: tuple[np.ndarray, np.ndarray], most: int) -> None:
    """Keeps the n-grams of the greatest losses, and the context of each 3-gram kept: at most `most` in all."""
    parents = np.searchsorted(pairs.keys, triples.contexts)[triples.context_of]
    low, high = 0.0, float(max(losses[0].max(initial=0), losses[1].max(initial=0)))
    for _ in range(50):
        middle = (low + high) / 2
        keep_pairs, keep_triples = losses[0] > middle, losses[1] > middle
        keep_pairs[parents[keep_triples]] = True
        if keep_pairs.sum() + keep_triples.sum() > most:
            low = middle
        else:
            high = middle
            pairs.keep, triples.keep = keep_pairs, keep_triples


def compute_backoffs(order: Order, lower: np.ndarray) -> np.ndarray:
    """What makes the probabilities after each context sum to 1: [context count]. lower: of the model as pruned."""
    kept, kept_lower = order.sums(order.probs * order.keep), order.sums(lower * order.keep)
    return np.maximum(1 - kept, LEAST_MASS) / np.maximum(1 - kept_lower, LEAST_MASS)


def write_arpa(path: Path, words: list[str], tables: list[tuple]) -> None:
    """tables: for each order keys, probabilities and back-off weights (None at the highest order)."""
    with open(path, 'w', encoding='utf-8') as file:
        file.write('\\data\\\n')
        for order, (keys, _, _) in enumerate(tables, 1):
            file.write(f'ngram {order}={len(keys)}\n')
        for order, (keys, probs, backoffs) in enumerate(tables, 1):
            file.write(f'\n\\{order}-grams:\n')
            logs = np.log10(np.maximum(probs, 1e-99))
            weights = [''] * len(keys) if backoffs is None else [f'\t{w:.6f}' for w in np.log10(backoffs)]
            for key, log, weight in zip(keys.tolist(), logs.tolist(), weights):
                places = range((order - 1) * WORD_BITS, -1, -WORD_BITS)
                text = ' '.join(words[key >> place & WORD_MASK] for place in places)
                file.write(f'{log:.6f}\t{text}{weight}\n')
        file.write('\n\\end\\\n')


def spread(values: np.ndarray, at: np.ndarray, count: int) -> np.ndarray:
    """Back-off weights of the contexts that there are, 1 for all other n-grams: [count]."""
    result = np.ones(count)
    result[at] = values
    return result


def count_words(pairs: Order, occurrences: np.ndarray, start: int, lower_counts: str) -> np.ndarray:
    """What the 1-grams count: how often a word occurs, or after how many different words. None for `<s>`."""
    if lower_counts == 'continuation':
        return np.bincount(pairs.words, minlength=len(occurrences))
    return np.where(np.arange(len(occurrences)) == start, 0, occurrences)


def count_continuations(pairs: Order, suffixes: np.ndarray, start: int) -> np.ndarray:
    """After how many different words each 2-gram is seen; nothing goes before those that begin a sentence."""
    seen_after = np.bincount(suffixes, minlength=len(pairs.keys))
    return np.where(pairs.keys >> WORD_BITS == start, pairs.counts, seen_after)


def holds(keys: np.ndarray, order: int, word: int) -> np.ndarray:
    """Whether each n-gram holds a word: [count]."""
    return np.any([keys >> place * WORD_BITS & WORD_MASK == word for place in range(order)], axis=0)


def build(text: Path, out: Path, word_count: int, ngram_count: int, lower_counts: str) -> None:
    words = choose_words(text, word_count)
    start, end, unknown = map(words.index, (START, END, UNKNOWN))
    (singles, single_counts), pair_counts, triple_counts = count_ngrams(read_tokens(text, words), start)
    occurrences = np.zeros(len(words), dtype=np.int64)
    occurrences[singles] = single_counts
    occurrences[start] = occurrences[end]
    pairs, triples = Order.of(*pair_counts), Order.of(*triple_counts)
    suffixes = np.searchsorted(pairs.keys, triples.keys & PAIR_MASK)  # of the 3-grams, among the 2-grams
    prefixes = np.searchsorted(pairs.keys, triples.contexts)
    pair_contexts = occurrences[pairs.contexts] / occurrences.sum()
    triple_contexts = pairs.counts[prefixes] / occurrences.sum()

    if lower_counts == 'continuation':
        pairs.counts = count_continuations(pairs, suffixes, start)
    single_probs = estimate_words(count_words(pairs, occurrences, start, lower_counts), start)
    pair_lower = single_probs[pairs.words]
    estimate(pairs, pair_lower)
    estimate(triples, pairs.probs[suffixes])

    losses = (
        compute_losses(pairs, pair_lower, pair_contexts),
        compute_losses(triples, pairs.probs[suffixes], triple_contexts),
    )
    for order, (ngrams, loss) in enumerate(zip((pairs, triples), losses), 2):
        loss[holds(ngrams.keys, order, unknown)] = -1
    prune(pairs, triples, losses, ngram_count - len(words))

    single_backoffs = spread(compute_backoffs(pairs, pair_lower), pairs.contexts, len(words))
    pruned_pairs = np.where(pairs.keep, pairs.probs, single_backoffs[pairs.keys >> WORD_BITS] * pair_lower)
    pair_backoffs = spread(compute_backoffs(triples, pruned_pairs[suffixes]), prefixes, len(pairs.keys))
    write_arpa(out, words, [
        (np.arange(len(words)), single_probs, single_backoffs),
        (pairs.keys[pairs.keep], pairs.probs[pairs.keep], pair_backoffs[pairs.keep]),
        (triples.keys[triples.keep], triples.probs[triples.keep], None),
    ])
    print(f'{out}: {len(words):,} words, {pairs.keep.sum():,} of {len(pairs.keys):,} 2-grams, '
          f'{triples.keep.sum():,} of {len(triples.keys):,} 3-grams')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--text', type=Path, required=True)
    parser.add_argument('--words', type=int, default=50_000, help='at most 65,536, the three marks among them')
    parser.add_argument('--ngrams', type=int, default=1_000_000)
    parser.add_argument('--lower', choices=['continuation', 'counts'], required=True)
    parser.add_argument('-o', '--out', type=Path, required=True)
    arguments = parser.parse_args()
    build(arguments.text, arguments.out, arguments.words, arguments.ngrams, arguments.lower)


if __name__ == '__main__':
    main()
