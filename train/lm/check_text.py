"""Checks that the text of a language model holds nothing that error rates are measured on; exits with 1 where it does.

Command: /usr/bin/python3 -m train.lm.check_text [FILE …]      (CACHE/train.txt by default; 1 min)
A sentence must share no sequence of eight words with librispeech-other-dev or with the held-out speakers of
train-clean-5. ../shared/text/BOOKS.md says which books the text was made without, by the same rule.
"""
import sys

from .references import Measured
from .settings import CACHE


def main() -> None:
    measured, found, count = Measured(), 0, 0
    for file in sys.argv[1:] or [CACHE / 'train.txt']:
        for line in open(file, encoding='utf-8'):
            count += 1
            name = measured.set_of(line.lower())
            if name:
                found += 1
                print(f'{file}: shares eight words with the {name}: {line.strip()}')
    print(f'{found} of {count:,} sentences share eight words with what is measured on')
    sys.exit(1 if found else 0)


if __name__ == '__main__':
    main()
