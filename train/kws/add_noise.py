"""Makes copies of a folder of clips in noise, for `earshot evaluate`, in CACHE/noisy/<snr>-dB/.

Command: /usr/bin/python3 -m train.kws.add_noise --data ../shared/audio/speech-commands-dev --snr 20 10 5 0
(needs ffmpeg and the shared noise.tar, nothing that another script has made)

Each folder has index.jsonl, whose rows also say {noise, noiseStart} (recording; first sample at 16 kHz), and the clips
as WAV, 16 kHz, mono, int16, cut or padded with zeros to one second as the evaluation does. Noise: the last 15 % of each
Speech Commands background recording, which earshot-kws was never trained on. The published systems were trained on all
of Speech Commands' background noise and so may have heard these very seconds: their figures in noise may flatter them.

- Recording and place follow from the clip's name and SEED alone: neither the order of the clips nor the ratio changes
  them, so a clip has the same noise at every ratio and on every machine.
- The ratio (SNR, dB) is that of the mean powers (mean squares) of clip and noise, each over the whole second. A word
  fills a part of its second, so over the word alone the ratio is higher. Noise that a clip already has counts as clip.
- Where the sum would clip, both are scaled down together. Rounded to int16 without dither.
- `_silence_` clips are noise already: they get none, and are written as they are. Read these folders' accuracies
  without `_silence_`.
"""
import argparse
import hashlib
import json
import tempfile
import wave
from pathlib import Path

import numpy as np

from .bank import NOISE_TRAIN_SHARE
from .evaluate import read_clips
from .prepare_audio import decode_batch, unpack
from .settings import CACHE, SAMPLE_RATE_HZ, SILENCE, WINDOW_SAMPLES

SEED = 11
INT16_MAX = 32767
INT16_SCALE = 32768


def held_out_noise() -> list[dict]:
    """The parts of the noise recordings that are never trained on: {name, start, samples}, int16 at 16 kHz."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, rows = unpack('noise', Path(temporary) / 'noise')
        names = sorted(row['file'] for row in rows)
        recordings = decode_batch([folder / name for name in names], Path(temporary))
    starts = [int(len(samples) * NOISE_TRAIN_SHARE) for samples in recordings]
    return [{'name': name, 'start': start, 'samples': samples[start:]}
            for name, start, samples in zip(names, starts, recordings)]


def choose_noise(file: str, parts: list[dict]) -> tuple[np.ndarray, dict]:
    """One second of noise for the clip of this name, float64 in steps of int16, and what the index says of it."""
    digest = hashlib.sha256(f'{SEED}/{file}'.encode()).digest()
    part = parts[int.from_bytes(digest[:8], 'big') % len(parts)]
    first = int.from_bytes(digest[8:16], 'big') % (len(part['samples']) - WINDOW_SAMPLES + 1)
    noise = part['samples'][first:first + WINDOW_SAMPLES].astype(np.float64)
    return noise, {'noise': part['name'], 'noiseStart': part['start'] + first}


def mix(clip: np.ndarray, noise: np.ndarray, snr_db: float) -> np.ndarray:
    """Clip and noise at this ratio of mean powers, int16; all zeros where the clip is."""
    gain = np.sqrt(np.mean(clip ** 2) / np.mean(noise ** 2) / 10 ** (snr_db / 10))
    both = clip + gain * noise
    return np.rint(both / max(1.0, np.abs(both).max() / INT16_MAX)).astype('<i2')


def write_wav(file: Path, samples: np.ndarray) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), 'wb') as sink:
        sink.setnchannels(1)
        sink.setsampwidth(2)
        sink.setframerate(SAMPLE_RATE_HZ)
        sink.writeframes(samples.astype('<i2').tobytes())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--data', type=Path, required=True, help='folder of the clips, with index.jsonl')
    parser.add_argument('--snr', type=float, nargs='+', default=[20, 10, 5, 0], help='ratios in dB')
    options = parser.parse_args()
    rows = [json.loads(line) for line in (options.data / 'index.jsonl').read_text().splitlines()]
    clips = read_clips(options.data)[0].double().numpy() * INT16_SCALE
    parts = held_out_noise()
    with_noise_count = sum(row['label'] != SILENCE for row in rows)
    for snr_db in options.snr:
        folder = CACHE / 'noisy' / f'{snr_db:g}-dB'
        index = []
        for row, clip in zip(rows, clips):
            noisy, about = clip, {}
            if row['label'] != SILENCE:
                noise, about = choose_noise(row['file'], parts)
                noisy = mix(clip, noise, snr_db)
            file = str(Path(row['file']).with_suffix('.wav'))
            write_wav(folder / file, noisy)
            index.append(json.dumps({**row, 'file': file, **about}) + '\n')
        (folder / 'index.jsonl').write_text(''.join(index))
        print(f'{folder}: {len(index)} clips, {with_noise_count} of them with noise', flush=True)


if __name__ == '__main__':
    main()
