"""Writes what the transcriber's error rates are measured on, for `earshot evaluate`, as folders of WAV with index.jsonl.

Command: /usr/bin/python3 -m train.ctc.write_sets      (20 s; needs ffmpeg, nothing that another script has made)

CACHE/sets/clean        the 78 utterances of Mini LibriSpeech train-clean-5 by the held-out speakers
CACHE/sets/clean-10-dB  the same with recorded noise 10 dB below the mean power of each utterance
CACHE/sets/clean-room   the same in rooms, by rooms.py
CACHE/sets/other-10-dB  librispeech-other-dev with noise likewise
The noise is the last 15 % of each Speech Commands background recording, which was never trained on; recording and place
follow from the name of the utterance, and a noise that is too short begins anew. The rooms follow from the name too.
"""
import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np

from train.kws.add_noise import held_out_noise, mix, write_wav
from train.kws.prepare_audio import decode_batch, unpack

from .rooms import in_room
from .settings import CACHE, HELD_OUT, SHARED

SNR_DB = 10


def noise_for(file: str, length: int, parts: list[dict]) -> np.ndarray:
    """So many samples of noise for the utterance of this name, in steps of int16."""
    digest = hashlib.sha256(file.encode()).digest()
    samples = parts[int.from_bytes(digest[:8], 'big') % len(parts)]['samples'].astype(np.float64)
    return np.resize(np.roll(samples, -(int.from_bytes(digest[8:16], 'big') % len(samples))), length)


def heard_in_room(file: str, samples: np.ndarray) -> np.ndarray:
    """The utterance of this name in its room, in steps of int16."""
    random = np.random.default_rng(int.from_bytes(hashlib.sha256(file.encode()).digest()[:8], 'big'))
    return in_room(samples.astype(np.float64), random).clip(-32768, 32767)


def write_set(name: str, utterances: list[tuple[dict, np.ndarray]]) -> None:
    folder, index = CACHE / 'sets' / name, []
    for row, samples in utterances:
        file = str(Path(row['file']).with_suffix('.wav'))
        write_wav(folder / file, samples)
        index.append(json.dumps({'file': file, 'text': row['text'], 'speaker': row['speaker']}) + '\n')
    (folder / 'index.jsonl').write_text(''.join(index))
    print(f'{folder}: {len(index)} utterances')


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        folder, rows = unpack('librispeech-train-clean-5', scratch / 'clean')
        rows = [row for row in rows if row['speaker'] in HELD_OUT]
        clean = list(zip(rows, decode_batch([folder / row['file'] for row in rows], scratch)))
        folder = SHARED / 'audio' / 'librispeech-other-dev'
        rows = [json.loads(line) for line in (folder / 'index.jsonl').read_text().splitlines()]
        other = list(zip(rows, decode_batch([folder / row['file'] for row in rows], scratch)))
    parts = held_out_noise()
    write_set('clean', clean)
    write_set('clean-room', [(row, heard_in_room(row['file'], samples)) for row, samples in clean])
    for name, utterances in (('clean', clean), ('other', other)):
        noisy = [(row, mix(samples.astype(np.float64), noise_for(row['file'], len(samples), parts), SNR_DB))
                 for row, samples in utterances]
        write_set(f'{name}-{SNR_DB}-dB', noisy)


if __name__ == '__main__':
    main()
