"""Computes the features of the training audio once, into CACHE/features.f16 and CACHE/features.json.

Command: /usr/bin/python3 -m train.ctc.prepare      (3 minutes; needs train.kws.prepare_audio to have run)
Features: log-mel without the floor's help (floor 1e-9), [frames, 64] float16, one after another: as recorded at each of
three speeds, then in two random rooms (seed 5) at each. Index rows: {set, speaker, text, places: [[first frame, frames]
for each of these]}. Single words of Speech Commands are joined to utterances of five (seed 3); noise has no text, and no
rooms.
"""
import json
import random

import numpy as np
import torch
from scipy.signal import resample_poly

from train.kws.settings import KEYWORDS

from .features import MelPower
from .rooms import in_room
from .settings import AUDIO_CACHE, CACHE, LOG_MEL

SPEEDS = [(1, 1), (10, 9), (10, 11)]  # (up, down) of the resampler: as recorded, 10 % slower, 10 % faster
ROOMS = 2  # at each speed
STORED_FLOOR = 1e-9
JOINED_WORDS, JOINED_COUNT = 5, 240
SENTENCES = ('librispeech-train-clean-5', 'ljspeech-1-2')
OTHER_WORDS = {'zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'bed', 'bird', 'cat',
               'dog', 'happy', 'house', 'marvin', 'sheila', 'tree', 'wow'}


def joined_words(rows: list[dict], samples: np.ndarray) -> list[tuple[dict, np.ndarray]]:
    """Utterances of single words, each at a peak of 0.5."""
    words = [row for row in rows if row['label'] in OTHER_WORDS | set(KEYWORDS)]
    chosen = random.Random(3).sample(words, JOINED_WORDS * JOINED_COUNT)
    utterances = []
    for first in range(0, len(chosen), JOINED_WORDS):
        group = chosen[first:first + JOINED_WORDS]
        waves = [samples[row['start']:row['start'] + row['length']].astype(np.float32) for row in group]
        wave = np.concatenate([wave * (16384 / max(1.0, np.abs(wave).max())) for wave in waves])
        utterances.append(({'set': 'words', 'speaker': 'many', 'text': ' '.join(row['label'] for row in group)}, wave))
    return utterances


def versions(wave: np.ndarray, room_count: int, random: np.random.Generator) -> list[np.ndarray]:
    """The wave at each speed, and then in so many rooms at each speed."""
    paced = [wave if up == down else resample_poly(wave, up, down) for up, down in SPEEDS]
    return paced + [in_room(version, random) for version in paced for _ in range(room_count)]


def features(wave: np.ndarray, front_end: MelPower) -> np.ndarray:
    """Log-mel of a wave in steps of int16."""
    power = front_end(torch.from_numpy(wave.astype(np.float32) / 32768.0)[None])[0]
    return power.clamp(min=STORED_FLOOR).log().numpy().astype(np.float16)


def main() -> None:
    torch.set_num_threads(1)
    CACHE.mkdir(parents=True, exist_ok=True)
    rows = json.loads((AUDIO_CACHE / 'audio.json').read_text())
    samples = np.memmap(AUDIO_CACHE / 'audio.i16', dtype='<i2', mode='r')
    whole = [({key: row[key] for key in ('set', 'speaker', 'text')}, samples[row['start']:row['start'] + row['length']])
             for row in rows if row['set'] in (*SENTENCES, 'noise')]
    front_end, random, index, position = MelPower(), np.random.default_rng(5), [], 0
    with open(CACHE / 'features.f16', 'wb') as sink:
        for about, wave in whole + joined_words(rows, samples):
            places = []
            for version in versions(np.asarray(wave, np.float32), ROOMS if about['set'] != 'noise' else 0, random):
                rows_of_features = features(version, front_end)
                rows_of_features.tofile(sink)
                places.append([position, len(rows_of_features)])
                position += len(rows_of_features)
            index.append({**about, 'places': places})
    (CACHE / 'features.json').write_text(json.dumps(index))
    seconds = sum(row['places'][0][1] for row in index) * LOG_MEL['hopLength'] / 16000
    print(f'{len(index)} recordings, {seconds / 3600:.2f} h, {position} frames at {len(SPEEDS)} speeds, '
          f'dry and in {ROOMS} rooms each')


if __name__ == '__main__':
    main()
