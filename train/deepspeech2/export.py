"""Writes the network of a run as a checkpoint in the form of MLPerf's.

Command: /usr/bin/python3 -m train.deepspeech2.export --run narrow
Writes CACHE/<run>.pth, of the moving average of the weights, and prints its size and SHA-256.
"""
import argparse
import hashlib

import torch

from .model import DeepSpeech2
from .package import package_file, write_package
from .settings import CACHE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--run', required=True)
    run = parser.parse_args().run
    trained = torch.load(CACHE / f'{run}.pt')
    net = DeepSpeech2()
    net.load_state_dict(trained['net'])
    file = package_file(run)
    write_package(net, file)
    data = file.read_bytes()
    print(f'step {trained["step"]}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}')


if __name__ == '__main__':
    main()
