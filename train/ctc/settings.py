"""Everything that two scripts must agree on: tokens, paths, the front end and the split by speaker."""
import os
from pathlib import Path

from train.kws.settings import CACHE as AUDIO_CACHE  # audio.i16 and audio.json of train/kws/prepare_audio.py
from train.kws.settings import ROOT, SAMPLE_RATE_HZ, SHARED

__all__ = ['AUDIO_CACHE', 'BLANK', 'CACHE', 'HELD_OUT', 'LOG_MEL', 'ROOT', 'SAMPLE_RATE_HZ', 'SHARED', 'TOKENS',
           'encode']

CACHE = Path(os.environ.get('EARSHOT_CTC_CACHE', ROOT / '.cache' / 'train-ctc'))

TOKENS = [*'abcdefghijklmnopqrstuvwxyz', "'", ' ', '']  # the last is the blank
BLANK = TOKENS.index('')

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


def encode(text: str) -> list[int]:
    """Token indices of a transcript of letters, apostrophes and spaces."""
    return [TOKENS.index(character) for character in text.lower()]
