"""Writes the text for the language model, one sentence a line, lower case, to CACHE/train.txt and CACHE/held-out.txt.

Command: /usr/bin/python3 -m train.lm.prepare_text

Training: the Gutenberg sentences, the text of LJSpeech, the transcripts of Mini LibriSpeech train-clean-5. Held out: of
every 125,000 Gutenberg sentences the last 1,250, about as many as a book gives. A stretch begins and ends within a
book, so two of the held-out books in each stretch are partly trained on. librispeech-other-dev is never read here.
"""
import json
import lzma
import tarfile
from collections.abc import Iterator

from .settings import CACHE, SHARED

STRETCH = 125_000
HELD_OUT = 1_250


def gutenberg() -> Iterator[tuple[str, bool]]:
    """The sentences, and whether each is held out."""
    with lzma.open(SHARED / 'text' / 'gutenberg-sentences.txt.xz', 'rt', encoding='utf-8') as lines:
        for index, line in enumerate(lines):
            yield line.strip(), index % STRETCH >= STRETCH - HELD_OUT


def ljspeech() -> Iterator[str]:
    return map(str.strip, (SHARED / 'audio' / 'ljspeech-text.txt').open(encoding='utf-8'))


def librispeech() -> Iterator[str]:
    with tarfile.open(SHARED / 'audio' / 'librispeech-train-clean-5.tar') as tar:
        name = next(name for name in tar.getnames() if name.endswith('index.jsonl'))
        for line in tar.extractfile(name):
            yield json.loads(line)['text']


def main() -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    counts = {'train': 0, 'held-out': 0}
    with open(CACHE / 'train.txt', 'w') as train, open(CACHE / 'held-out.txt', 'w') as held_out:
        def write(sentence: str, is_held_out: bool) -> None:
            print(sentence.lower(), file=held_out if is_held_out else train)
            counts['held-out' if is_held_out else 'train'] += len(sentence.split())

        for sentence, is_held_out in gutenberg():
            write(sentence, is_held_out)
        for sentence in [*ljspeech(), *librispeech()]:
            write(sentence, False)
    for name, count in counts.items():
        print(f'{CACHE / name}.txt: {count:,} words')


if __name__ == '__main__':
    main()
