"""Computes the spectrograms of the training sentences once, into CACHE/features.f16 and CACHE/features.json.

Command: /usr/bin/python3 -m train.deepspeech2.prepare      (2 minutes; needs train.kws.prepare_audio to have run)
Features: [frames, 161] float16, normalised, one after another. Index rows: {set, speaker, text, first, frames}.
"""
import json

import numpy as np
import torch

from .features import spectrogram
from .settings import AUDIO_CACHE, CACHE, SENTENCES, SPECTROGRAM


def main() -> None:
    torch.set_num_threads(1)
    CACHE.mkdir(parents=True, exist_ok=True)
    samples = np.memmap(AUDIO_CACHE / 'audio.i16', dtype='<i2', mode='r')
    index, position = [], 0
    with open(CACHE / 'features.f16', 'wb') as sink:
        for row in json.loads((AUDIO_CACHE / 'audio.json').read_text()):
            if row['set'] not in SENTENCES:
                continue
            wave = samples[row['start']:row['start'] + row['length']].astype(np.float32) / 32768
            features = spectrogram(torch.from_numpy(wave)).numpy().astype('<f2')
            features.tofile(sink)
            index.append({**{key: row[key] for key in ('set', 'speaker', 'text')}, 'first': position,
                          'frames': len(features)})
            position += len(features)
    (CACHE / 'features.json').write_text(json.dumps(index))
    print(f'{len(index)} sentences, {position * SPECTROGRAM["hopLength"] / 16000 / 3600:.2f} h')


if __name__ == '__main__':
    main()
