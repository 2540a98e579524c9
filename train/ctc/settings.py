"""Everything that two scripts must agree on: tokens, paths, the front end and the split by speaker."""
import os
from pathlib import Path

from train.kws.settings import CACHE as AUDIO_CACHE  # audio.i16 and audio.json of train/kws/prepare_audio.py
from train.kws.settings import ROOT, SAMPLE_RATE_HZ, SHARED

__all__ = ['AUDIO_CACHE', 'CACHE', 'HELD_OUT', 'LETTERS', 'LOG_MEL', 'PHONES', 'ROOT', 'SAMPLE_RATE_HZ', 'SHARED',
           'encode_letters', 'encode_phones']

CACHE = Path(os.environ.get('EARSHOT_CTC_CACHE', ROOT / '.cache' / 'train-ctc'))

# The tokens of the two outputs; the last of each is the blank, the one before it the space between words.
LETTERS = [*'abcdefghijklmnopqrstuvwxyz', "'", ' ', '']
PHONES = ['AA', 'AE', 'AH', 'AO', 'AW', 'AY', 'B', 'CH', 'D', 'DH', 'EH', 'ER', 'EY', 'F', 'G', 'HH', 'IH', 'IY', 'JH',
          'K', 'L', 'M', 'N', 'NG', 'OW', 'OY', 'P', 'R', 'S', 'SH', 'T', 'TH', 'UH', 'UW', 'V', 'W', 'Y', 'Z', 'ZH',
          ' ', '']

# The same object as `logMel` in src/systems/earshot-ctc/system.ts.
LOG_MEL = {
    'windowLength': 400,
    'hopLength': 160,
    'fftLength': 512,
    'melCount': 64,
    'melMinHz': 60.0,
    'melMaxHz': 7600.0,
    'logFloor': 1e-6,
}

# Speakers of train-clean-5 that are kept for choosing: 78 utterances, 16 minutes.
HELD_OUT = {'32', '669', '7312'}


def encode_letters(text: str) -> list[int]:
    """Token indices of a transcript of letters, apostrophes and spaces."""
    return [LETTERS.index(character) for character in text.lower()]


def encode_phones(words: list[list[str]]) -> list[int]:
    """Token indices of the words' pronunciations, a space between two of them."""
    space = [PHONES.index(' ')]
    tokens = [space + [PHONES.index(phone) for phone in word] for word in words]
    return sum(tokens, [])[1:]
