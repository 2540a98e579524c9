"""Averages the weights of two runs, of which one has gone on from the other or both from a third.

Command: /usr/bin/python3 -m train.ctc.blend --run third --other fourth --share 0.5 --as fifth      (2 s)
What lies between the two hears better than either (Wortsman et al. 2022, Robust fine-tuning of zero-shot models).
"""
import argparse

import torch

from .settings import CACHE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--run', required=True)
    parser.add_argument('--other', required=True, help='the run that went on from it')
    parser.add_argument('--share', type=float, default=0.5, help='of the other')
    parser.add_argument('--as', dest='name', required=True)
    options = parser.parse_args()
    first, other = (torch.load(CACHE / f'{name}.pt')['net'] for name in (options.run, options.other))
    net = {name: value.lerp(other[name], options.share) if value.is_floating_point() else value
           for name, value in first.items()}
    torch.save({'net': net}, CACHE / f'{options.name}.pt')


if __name__ == '__main__':
    main()
