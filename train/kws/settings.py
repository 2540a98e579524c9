"""Everything that two scripts must agree on: classes, paths, the front end and the split by speaker."""
import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get('EARSHOT_SHARED', ROOT.parent / 'shared'))
CACHE = Path(os.environ.get('EARSHOT_TRAIN_CACHE', ROOT / '.cache' / 'train-kws'))

SAMPLE_RATE_HZ = 16000
WINDOW_SAMPLES = 16000  # what the network sees: 1 s
HOP_SAMPLES = 1600  # the page runs the network every 100 ms

KEYWORDS = ['yes', 'no', 'up', 'down', 'left', 'right', 'on', 'off', 'stop', 'go']
SILENCE, UNKNOWN = '_silence_', '_unknown_'
LABELS = [SILENCE, UNKNOWN, *KEYWORDS]

# The same object as `mfcc` in src/systems/earshot-kws/system.ts.
MFCC = {
    'windowLength': 640,
    'hopLength': 320,
    'fftLength': 1024,
    'melCount': 40,
    'melMinHz': 20.0,
    'melMaxHz': 7600.0,
    'logFloor': 1e-3,
    'coefficientCount': 40,
}
FRAME_COUNT = 1 + (WINDOW_SAMPLES - MFCC['windowLength']) // MFCC['hopLength']

# Words that sound like a keyword: where one is said, hearing that keyword is no false accept.
HOMOPHONES = {'know': 'no', 'knows': 'no', 'noes': 'no', 'write': 'right', 'rite': 'right', 'wright': 'right',
              'writes': 'right', 'rights': 'right', 'awn': 'on', 'goes': 'go', 'ups': 'up', 'downs': 'down',
              'stops': 'stop'}


def is_held_out(speaker: str) -> bool:
    """Whether a training speaker is kept for choosing: 18 in 100, by a salted digest of the speaker's name.

    Not MD5: the tars themselves were split by it, so it would hold out half of one and none of another. The salt
    is the first that leaves 20 clips or more of every class; no model was trained before it was fixed.
    """
    return int(hashlib.sha256(f'1/{speaker}'.encode()).hexdigest(), 16) % 100 < 18


def spoken_keywords(text: str) -> set[str]:
    """The keywords among the words of a transcript, homophones and their plurals counted in."""
    words = text.lower().split()
    return {HOMOPHONES.get(word, word) for word in words} & set(KEYWORDS)
