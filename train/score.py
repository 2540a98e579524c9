"""Greedy decoding and error rates."""
from typing import NamedTuple, Sequence

import torch


# Costs that count themselves: edits from bit 40 on, insertions from bit 20, deletions from bit 0.
SUBSTITUTION = 1 << 40
INSERTION, DELETION = SUBSTITUTION + (1 << 20), SUBSTITUTION + 1


class Edits(NamedTuple):
    """How a text differs from the one that was expected."""
    substitutions: int
    insertions: int
    deletions: int

    @property
    def count(self) -> int:
        return sum(self)


def greedy_tokens(logits: torch.Tensor, blank: int) -> list[int]:
    """The best path of [frames, labels]: repeats merged, blanks left out."""
    return [label for label in torch.unique_consecutive(logits.argmax(1)).tolist() if label != blank]


def greedy_text(logits: torch.Tensor, labels: Sequence[str], blank: int) -> str:
    """The best path as text, with one space between words."""
    return ' '.join(''.join(labels[label] for label in greedy_tokens(logits, blank)).split())


def edits(got: Sequence, expected: Sequence) -> Edits:
    """The fewest edits (Levenshtein); among equally few, those with the fewest insertions."""
    row = [DELETION * count for count in range(len(expected) + 1)]
    for count, item in enumerate(got, 1):
        diagonal, row[0] = row[0], INSERTION * count
        for column, wanted in enumerate(expected, 1):
            diagonal, row[column] = row[column], min(row[column] + INSERTION, row[column - 1] + DELETION,
                                                     diagonal + (SUBSTITUTION if item != wanted else 0))
    total, insertions, deletions = row[-1] >> 40, row[-1] >> 20 & 0xfffff, row[-1] & 0xfffff
    return Edits(total - insertions - deletions, insertions, deletions)


def pooled(pairs: list[tuple[Sequence, Sequence]]) -> Edits:
    """The edits of all (got, expected) together."""
    return Edits(*map(sum, zip(*(edits(got, expected) for got, expected in pairs))))


def error_rates(pairs: list[tuple[str, str]]) -> dict[str, float]:
    """Word and letter error rate of (got, expected), errors pooled over all sentences."""
    words = [(got.split(), expected.split()) for got, expected in pairs]
    return {name: pooled(items).count / sum(len(expected) for _, expected in items)
            for name, items in (('wordErrorRate', words), ('letterErrorRate', pairs))}
