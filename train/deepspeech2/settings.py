"""Everything that two scripts must agree on: labels, paths, the front end, the width and the split by speaker."""
import os
from pathlib import Path

from train.ctc.settings import AUDIO_CACHE, HELD_OUT, ROOT, SAMPLE_RATE_HZ, SHARED

__all__ = ['AUDIO_CACHE', 'BLANK', 'CACHE', 'HELD_OUT', 'HIDDEN_LAYERS', 'HIDDEN_SIZE', 'LABELS', 'ROOT',
           'SAMPLE_RATE_HZ', 'SENTENCES', 'SHARED', 'SPECTROGRAM', 'encode']

CACHE = Path(os.environ.get('EARSHOT_DS2_CACHE', ROOT / '.cache' / 'train-ds2'))

# The front end of MLPerf's package: its gain is that of libsox, which gives int16 samples in the range of int32.
SPECTROGRAM = {'windowLength': 320, 'hopLength': 160, 'binCount': 161, 'gain': 65536.0}

LABELS = "_'ABCDEFGHIJKLMNOPQRSTUVWXYZ "
BLANK = LABELS.index('_')

HIDDEN_SIZE, HIDDEN_LAYERS = 512, 3  # MLPerf's own has 2,560

SENTENCES = ('librispeech-train-clean-5', 'ljspeech-1-2')


def encode(text: str) -> list[int]:
    """Label indices of a transcript of letters, apostrophes and spaces."""
    return [LABELS.index(character) for character in text.upper()]
