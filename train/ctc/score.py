"""Greedy decoding and error rates."""
import torch

from .settings import BLANK, TOKENS


def greedy_text(logits: torch.Tensor) -> str:
    """The best path of [frames, 29]: repeats merged, blanks left out."""
    best = torch.unique_consecutive(logits.argmax(1)).tolist()
    return ' '.join(''.join(TOKENS[token] for token in best if token != BLANK).split())


def edit_distance(got: list, expected: list) -> int:
    """Substitutions, insertions and deletions (Levenshtein)."""
    row = list(range(len(expected) + 1))
    for count, item in enumerate(got, 1):
        diagonal, row[0] = row[0], count
        for column, wanted in enumerate(expected, 1):
            diagonal, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, diagonal + (item != wanted))
    return row[-1]


def error_rates(pairs: list[tuple[str, str]]) -> dict[str, float]:
    """Word and letter error rate of (got, expected), errors pooled over all sentences."""
    word_errors = sum(edit_distance(got.split(), expected.split()) for got, expected in pairs)
    letter_errors = sum(edit_distance(list(got), list(expected)) for got, expected in pairs)
    return {'wordErrorRate': word_errors / sum(len(expected.split()) for _, expected in pairs),
            'letterErrorRate': letter_errors / sum(len(expected) for _, expected in pairs)}
