"""Finds the seconds of training speech in which a half-trained network hears a keyword that the sentence does not hold.

Command: /usr/bin/python3 -m train.kws.mine --run first      (about 3 minutes)
Writes CACHE/hard.json: first samples of windows in the bank; training takes every third window of running
speech from there (see WindowMaker.running_clips).
"""
import argparse
import json

import torch

from .bank import FIRST_KEYWORD, Bank, holds
from .network_file import load_folded
from .settings import CACHE, HOP_SAMPLES, SAMPLE_RATE_HZ, WINDOW_SAMPLES
from .streaming import logits_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--run', required=True)
    parser.add_argument('--above', type=float, default=0.3, help='posterior of a keyword from which a window counts')
    options = parser.parse_args()
    net = load_folded(options.run)
    torch.set_num_threads(1)
    bank = Bank(held_out=False)
    found, windows = [], 0
    clips = bank.running
    for start, length, spoken in zip(clips.start.tolist(), clips.length.tolist(), clips.spoken.tolist()):
        if length < WINDOW_SAMPLES + HOP_SAMPLES:
            continue
        posteriors = logits_of(net, bank.samples[start:start + length] / 32768.0).softmax(1)
        highest, keyword = posteriors[:, FIRST_KEYWORD:].max(1)
        said = holds(torch.full_like(keyword, spoken), keyword + FIRST_KEYWORD)
        wrong = ((highest > options.above) & ~said).nonzero()[:, 0]
        found += (start + wrong * HOP_SAMPLES).tolist()
        windows += len(posteriors)
    (CACHE / 'hard.json').write_text(json.dumps(found))
    hours = windows * HOP_SAMPLES / SAMPLE_RATE_HZ / 3600
    print(f'{len(found)} of {windows} windows ({hours:.2f} h) hold a false keyword')


if __name__ == '__main__':
    main()
