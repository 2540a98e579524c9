"""Transcribes a folder of recordings by the package of a run, greedily, and counts the errors.

Command: /usr/bin/python3 -m train.deepspeech2.transcribe --run narrow --data ../shared/audio/librispeech-other-dev
Writes CACHE/<run>-<folder>.jsonl: {file, text, hypothesis} for each recording of the folder's index.jsonl. Prints the
pooled error rates, the letters that are others, too many and missing, and how many texts are empty. Needs ffmpeg.
"""
import argparse
import json
import tempfile
from pathlib import Path

import torch

from train.kws.prepare_audio import decode_batch
from train.score import error_rates, greedy_text, pooled

from .features import spectrogram
from .package import package_file, read_package
from .settings import BLANK, CACHE, LABELS


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--run', required=True)
    parser.add_argument('--data', required=True, type=Path, help='folder with recordings and index.jsonl')
    options = parser.parse_args()
    torch.set_num_threads(1)
    net = read_package(package_file(options.run))
    rows = [json.loads(line) for line in (options.data / 'index.jsonl').read_text().splitlines()]
    with tempfile.TemporaryDirectory() as scratch:
        waves = decode_batch([options.data / row['file'] for row in rows], Path(scratch))
    pairs = []
    with open(CACHE / f'{options.run}-{options.data.name}.jsonl', 'w') as sink:
        for row, wave in zip(rows, waves):
            features = spectrogram(torch.from_numpy(wave.astype('f8') / 32768)).float()
            hypothesis = greedy_text(net(features[None])[:, 0], LABELS, BLANK)
            sink.write(json.dumps({'file': row['file'], 'text': row['text'], 'hypothesis': hypothesis}) + '\n')
            pairs.append((hypothesis, row['text']))
    rates, letters = error_rates(pairs), pooled(pairs)
    print(f'{len(pairs)} recordings, {sum(not got for got, _ in pairs)} texts empty: '
          f'LER {rates["letterErrorRate"] * 100:.2f} %, WER {rates["wordErrorRate"] * 100:.2f} %; of '
          f'{sum(len(text) for _, text in pairs)} letters {letters.substitutions} others, {letters.deletions} missing, '
          f'{letters.insertions} too many')


if __name__ == '__main__':
    main()
