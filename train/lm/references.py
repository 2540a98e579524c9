"""Sentences that error rates are measured on, and text that shares too much with them."""
import json
import tarfile
from collections.abc import Iterator

from train.ctc.settings import HELD_OUT

from .settings import SHARED

SHARED_WORDS = 8  # a sequence of so many is no chance


def librispeech() -> Iterator[dict]:
    """{file, text, speaker} of each utterance of Mini LibriSpeech train-clean-5."""
    with tarfile.open(SHARED / 'audio' / 'librispeech-train-clean-5.tar') as tar:
        name = next(name for name in tar.getnames() if name.endswith('index.jsonl'))
        yield from map(json.loads, tar.extractfile(name))


def references() -> dict[str, list[str]]:
    """What is measured on: the held-out speakers of train-clean-5 and librispeech-other-dev, in lower case."""
    rows = (SHARED / 'audio' / 'librispeech-other-dev' / 'index.jsonl').read_text().splitlines()
    return {'held-out speakers': [row['text'].lower() for row in librispeech() if row['speaker'] in HELD_OUT],
            'librispeech-other-dev': [json.loads(row)['text'].lower() for row in rows]}


def sequences(sentence: str) -> Iterator[str]:
    """All sequences of eight words."""
    words = sentence.split()
    for first in range(len(words) - SHARED_WORDS + 1):
        yield ' '.join(words[first:first + SHARED_WORDS])


class Measured:
    """Tells which sentences share a sequence with what is measured on."""

    def __init__(self) -> None:
        self.sets = {sequence: name for name, sentences in references().items()
                     for sentence in sentences for sequence in sequences(sentence)}

    def set_of(self, sentence: str) -> str | None:
        """The set that a sentence in lower case shares a sequence with, if any."""
        return next((self.sets[sequence] for sequence in sequences(sentence) if sequence in self.sets), None)
