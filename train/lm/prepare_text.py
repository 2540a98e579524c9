"""Writes the text for the language model, one sentence a line, lower case, to CACHE/train.txt and CACHE/held-out.txt.

Command: /usr/bin/python3 -m train.lm.prepare_text

Training: the Gutenberg sentences, the text of LJSpeech, the transcripts of Mini LibriSpeech train-clean-5 but for its
held-out speakers; without every sentence that shares eight words in a row with them or with librispeech-other-dev.
Held out: of every 125,000 Gutenberg sentences the last 1,250, about as many as a book gives. A stretch begins and ends
within a book, so two of the held-out books in each stretch are partly trained on.
"""
import lzma
from collections.abc import Iterator

from train.ctc.settings import HELD_OUT as HELD_OUT_SPEAKERS

from .references import Measured, librispeech
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


def main() -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    counts, measured, left_out = {'train': 0, 'held-out': 0}, Measured(), 0
    with open(CACHE / 'train.txt', 'w') as train, open(CACHE / 'held-out.txt', 'w') as held_out:
        def write(sentence: str, is_held_out: bool) -> None:
            nonlocal left_out
            if measured.set_of(sentence.lower()):
                left_out += 1
                return
            print(sentence.lower(), file=held_out if is_held_out else train)
            counts['held-out' if is_held_out else 'train'] += len(sentence.split())

        for sentence, is_held_out in gutenberg():
            write(sentence, is_held_out)
        read = [row['text'] for row in librispeech() if row['speaker'] not in HELD_OUT_SPEAKERS]
        for sentence in [*ljspeech(), *read]:
            write(sentence, False)
    print(f'{left_out} sentences left out')
    for name, count in counts.items():
        print(f'{CACHE / name}.txt: {count:,} words')


if __name__ == '__main__':
    main()
