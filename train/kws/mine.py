"""Finds the seconds of training speech without keywords in which a half-trained network hears one.

Command: /usr/bin/python3 -m train.kws.mine --run first      (about 3 minutes)
Writes CACHE/hard.json: first samples of windows in the bank; training takes every third window of running
speech from there (see WindowMaker.running_speech).
"""
import argparse
import json

import numpy as np
import torch

from .bank import Bank
from .export import load_folded
from .settings import CACHE, HOP_SAMPLES, SAMPLE_RATE_HZ, WINDOW_SAMPLES
from .streaming import FIRST_KEYWORD, posteriors_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--run', required=True)
    parser.add_argument('--above', type=float, default=0.3, help='posterior of a keyword from which a window counts')
    options = parser.parse_args()
    net = load_folded(options.run)
    torch.set_num_threads(1)
    bank = Bank(held_out=False)
    found, windows = [], 0
    for start, length in zip(bank.running.start.tolist(), bank.running.length.tolist()):
        if length < WINDOW_SAMPLES + HOP_SAMPLES:
            continue
        posteriors = posteriors_of(net, bank.samples[start:start + length] / 32768.0)
        wrong = np.flatnonzero(posteriors[:, FIRST_KEYWORD:].max(1) > options.above)
        found += [start + int(window) * HOP_SAMPLES for window in wrong]
        windows += len(posteriors)
    (CACHE / 'hard.json').write_text(json.dumps(found))
    print(f'{len(found)} of {windows} windows ({windows * HOP_SAMPLES / SAMPLE_RATE_HZ / 3600:.2f} h) hold a false keyword')


if __name__ == '__main__':
    main()
