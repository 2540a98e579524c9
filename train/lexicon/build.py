"""Makes the pronunciation lexicon of the built-in transcriber.

Command: /usr/bin/python3 -m train.lexicon.build                                                        (15 s)
Reads the words of public/models/earshot-lm/earshot-lm.bin (or --lm FILE …) and shared/text/cmudict-en-us.dict, asks
espeak-ng for the words that the dictionary lacks, and writes public/models/earshot-lexicon/earshot-lexicon.txt. The file
holds all words of the dictionary too, so that hot words and other language models find theirs.

The form is that of src/decode/pronunciation-lexicon.ts: a line `earshot-lexicon 1`, a line with the phones that the
characters A…Z a…z stand for, then `word TAB pronunciation[ pronunciation …]` in the order of the words' bytes.
"""
import argparse
import gzip
import hashlib
import string
import struct
from pathlib import Path

from train.ctc.pronounce import guess, read_dictionary
from train.ctc.settings import ROOT

PHONES = ('AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z '
          'ZH').split()
CHARACTERS = dict(zip(PHONES, string.ascii_uppercase + string.ascii_lowercase))
MODELS = ROOT / 'public' / 'models'
OUT = MODELS / 'earshot-lexicon' / 'earshot-lexicon.txt'


def read_words(model: Path) -> list[str]:
    """The words of a binary language model (src/decode/ngram-layout.ts): its last section, `vocabulary`."""
    data = model.read_bytes()
    _, _, byte_length, order, value_count, vocabulary_bytes, *_ = struct.unpack_from('<6I', data)
    ngrams = struct.unpack_from(f'<{order}I', data, 24)
    contexts, links = 1 + sum(ngrams[:-1]), sum(ngrams[2:-1])
    sizes = [24 + 4 * order, 8 * value_count, 4 * (contexts + 1), 4 * links]  # up to `wordOffsets`
    at = sum(-(-size // 8) * 8 for size in sizes)
    offsets = struct.unpack_from(f'<{ngrams[0] + 1}I', data, at)
    vocabulary = data[byte_length - -(-vocabulary_bytes // 8) * 8:]
    words = [vocabulary[start:end].decode() for start, end in zip(offsets, offsets[1:])]
    return [word for word in words if not word.startswith('<')]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--lm', nargs='+', type=Path, default=[MODELS / 'earshot-lm' / 'earshot-lm.bin'])
    options = parser.parse_args()
    lexicon = read_dictionary()
    missing = sorted({word for model in options.lm for word in read_words(model)} - lexicon.keys())
    guesses = {word: [phones] for word, phones in zip(missing, guess(missing)) if phones}
    lexicon |= guesses
    lines = ['earshot-lexicon 1', ' '.join(PHONES)]
    for word in sorted(lexicon, key=str.encode):
        ways = dict.fromkeys(''.join(CHARACTERS[phone] for phone in phones) for phones in lexicon[word])
        lines.append(f'{word}\t{" ".join(ways)}')
    data = ''.join(f'{line}\n' for line in lines).encode()
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_bytes(data)
    print(f'{len(lexicon):,} words, {len(guesses):,} of them guessed, {len(missing) - len(guesses)} that espeak-ng says '
          f'nothing for; {len(data):,} bytes, {len(gzip.compress(data, 9)):,} in gzip; '
          f'SHA-256 {hashlib.sha256(data).hexdigest()}')


if __name__ == '__main__':
    main()
