"""Paths that the scripts agree on."""
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get('EARSHOT_SHARED', ROOT.parent / 'shared'))
CACHE = Path(os.environ.get('EARSHOT_LM_CACHE', ROOT / '.cache' / 'train-lm'))
