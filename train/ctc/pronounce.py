"""How words are said: the pronouncing dictionary, and espeak-ng for words that it lacks.

Command: /usr/bin/python3 -m train.ctc.pronounce      (5 s; needs train.ctc.prepare to have run)
Writes CACHE/pronunciations.json: {word: [[phone, …], …]} of every word of the training text, the dictionary's first
pronunciation first. Phones are ARPAbet without stress.
"""
import json
import re
import subprocess

from .settings import CACHE, SHARED

DICTIONARY = SHARED / 'text' / 'cmudict-en-us.dict'

# espeak-ng's phoneme mnemonics of the voice en-us (its docs/phonemes.md), the longest first where they begin alike.
ESPEAK = {
    'aI@': 'AY AH', 'aI3': 'AY ER', 'aU@': 'AW ER', 'i@3': 'IH R', 'tS': 'CH', 'dZ': 'JH', 'aI': 'AY', 'aU': 'AW',
    'eI': 'EY', 'OI': 'OY', 'oU': 'OW', 'A@': 'AA R', 'O@': 'AO R', 'o@': 'AO R', 'e@': 'EH R', 'i@': 'IY AH',
    'U@': 'UH R', 'VR': 'AH R', '3:': 'ER', 'A:': 'AA', 'O:': 'AO', 'u:': 'UW', 'i:': 'IY', '@L': 'AH L', 'n-': 'AH N',
    'I2': 'IH', 'I#': 'IH', 'E#': 'EH', 'a#': 'AE', 't#': 'T', 't2': 'T', '@2': 'AH', '@5': 'AH', 'a': 'AE', 'A': 'AA',
    'E': 'EH', 'I': 'IH', 'i': 'IY', '0': 'AA', 'O': 'AO', 'o': 'OW', 'u': 'UW', 'U': 'UH', 'V': 'AH', '@': 'AH',
    '3': 'ER', 'e': 'EH', 'p': 'P', 'b': 'B', 't': 'T', 'd': 'D', 'k': 'K', 'g': 'G', 'f': 'F', 'v': 'V', 'T': 'TH',
    'D': 'DH', 's': 'S', 'z': 'Z', 'S': 'SH', 'Z': 'ZH', 'h': 'HH', 'm': 'M', 'n': 'N', 'N': 'NG', 'l': 'L', 'r': 'R',
    'w': 'W', 'j': 'Y', 'x': 'K', '?': '',
}
SYMBOL = re.compile('|'.join(re.escape(symbol) for symbol in sorted(ESPEAK, key=len, reverse=True)))


def read_dictionary() -> dict[str, list[list[str]]]:
    """All pronunciations of each word, the first one first."""
    words: dict[str, list[list[str]]] = {}
    for line in DICTIONARY.read_text().splitlines():
        word, *phones = line.split()
        words.setdefault(re.sub(r'\(\d+\)$', '', word), []).append(phones)
    return words


def guess(words: list[str]) -> list[list[str]]:
    """What espeak-ng makes of words, one pronunciation each; empty where it says nothing."""
    spoken = subprocess.run(['espeak-ng', '-q', '-x', '-v', 'en-us', '--stdin'], input='\n\n'.join(words), text=True,
                            capture_output=True, check=True).stdout.split('\n')
    lines = [line.strip() for line in spoken if line.strip()]
    if len(words) == 1:
        lines = [' '.join(lines)]
    elif len(lines) != len(words):  # one says nothing, or is said as two
        middle = len(words) // 2
        return guess(words[:middle]) + guess(words[middle:])
    return [' '.join(ESPEAK[symbol] for symbol in SYMBOL.findall(line)).split() for line in lines]


def main() -> None:
    rows = json.loads((CACHE / 'features.json').read_text())
    text = sorted({word for row in rows if row['set'] != 'noise' for word in row['text'].lower().split()})
    known = read_dictionary()
    missing = [word for word in text if word not in known]
    words = {word: known[word] for word in text if word in known}
    words |= {word: [phones] for word, phones in zip(missing, guess(missing))}
    (CACHE / 'pronunciations.json').write_text(json.dumps(words))
    print(f'{len(words)} words, {len(missing)} of them guessed: '
          + ', '.join(f'{word} {" ".join(words[word][0])}' for word in missing[:8]))


if __name__ == '__main__':
    main()
