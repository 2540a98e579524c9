"""Prints the accuracy of a run on a folder of clips (speech-commands-dev: to measure, never to choose by).

Command: /usr/bin/python3 -m train.kws.evaluate --run final --data ../shared/audio/speech-commands-dev
"""
import argparse
import json
import tempfile
from pathlib import Path

import torch

from .network_file import load_folded
from .features import Mfcc
from .prepare_audio import FILES_PER_PROCESS, decode_batch
from .settings import LABELS, MFCC, SILENCE, WINDOW_SAMPLES


def read_clips(folder: Path) -> tuple[torch.Tensor, list[int]]:
    """Clips cut or padded at the end to one second, and their classes."""
    rows = [json.loads(line) for line in (folder / 'index.jsonl').read_text().splitlines()]
    waves = torch.zeros(len(rows), WINDOW_SAMPLES)
    with tempfile.TemporaryDirectory() as temporary:
        for first in range(0, len(rows), FILES_PER_PROCESS):
            files = [folder / row['file'] for row in rows[first:first + FILES_PER_PROCESS]]
            for place, samples in enumerate(decode_batch(files, Path(temporary))):
                clip = torch.from_numpy(samples[:WINDOW_SAMPLES]) / 32768.0
                waves[first + place, :len(clip)] = clip
    return waves, [LABELS.index(row['label']) for row in rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--run', required=True)
    parser.add_argument('--data', type=Path, required=True)
    options = parser.parse_args()
    net, front_end = load_folded(options.run), Mfcc()
    waves, classes = read_clips(options.data)
    truth = torch.tensor(classes)
    guess = torch.cat([net(front_end.mel_energies(part).clamp(min=MFCC['logFloor']).log()).argmax(1)
                       for part in waves.split(256)])
    spoken = truth != LABELS.index(SILENCE)
    print(f'{len(truth)} clips: accuracy {(guess == truth).float().mean() * 100:.2f} %, '
          f'without {SILENCE} {(guess == truth)[spoken].float().mean() * 100:.2f} %')
    for index, label in enumerate(LABELS):
        of_class = truth == index
        print(f'{label:10} {of_class.sum():4} clips, recall {(guess[of_class] == index).float().mean() * 100:5.1f} %')


if __name__ == '__main__':
    main()
