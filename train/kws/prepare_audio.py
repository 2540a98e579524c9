"""Decodes the training tars once into CACHE/audio.i16 (one flat int16 array) and CACHE/audio.json (its index).

Command: /usr/bin/python3 -m train.kws.prepare_audio      (about 3 minutes; needs ffmpeg)
Index rows: {set, label, speaker, text?, start, length}; start and length in samples at 16 kHz.
"""
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

import numpy as np

from .settings import CACHE, SAMPLE_RATE_HZ, SHARED

TARS = ['speech-commands-train-a', 'speech-commands-train-b', 'noise', 'librispeech-train-clean-5', 'ljspeech-1-2']
FILES_PER_PROCESS = 60  # starting ffmpeg costs more than decoding one second


def decode_batch(files: list[Path], scratch: Path) -> list[np.ndarray]:
    """Decodes files to int16 mono at 16 kHz with one ffmpeg process."""
    command = ['ffmpeg', '-nostdin', '-v', 'error', '-y']
    for file in files:
        command += ['-i', str(file)]
    outputs = [scratch / f'{index}.s16' for index in range(len(files))]
    for index, output in enumerate(outputs):
        command += ['-map', f'{index}:a', '-ar', str(SAMPLE_RATE_HZ), '-ac', '1', '-f', 's16le', str(output)]
    subprocess.run(command, check=True)
    return [np.fromfile(output, dtype='<i2') for output in outputs]


def unpack(name: str, folder: Path) -> tuple[Path, list[dict]]:
    """Extracts one tar and returns the folder of its index and the index."""
    with tarfile.open(SHARED / 'audio' / f'{name}.tar') as tar:
        tar.extractall(folder)
    index_file = next(folder.rglob('index.jsonl'))
    return index_file.parent, [json.loads(line) for line in index_file.read_text().splitlines()]


def main() -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    rows: list[dict] = []
    position = 0
    with open(CACHE / 'audio.i16', 'wb') as sink, tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        for name in TARS:
            base, entries = unpack(name, scratch / name)
            for first in range(0, len(entries), FILES_PER_PROCESS):
                batch = entries[first:first + FILES_PER_PROCESS]
                for entry, samples in zip(batch, decode_batch([base / e['file'] for e in batch], scratch)):
                    samples.tofile(sink)
                    rows.append({
                        'set': name, 'label': entry.get('label'), 'speaker': entry.get('speaker', entry['file']),
                        'text': entry.get('text'), 'start': position, 'length': len(samples),
                    })
                    position += len(samples)
            print(f'{name}: {len(entries)} files, {position / SAMPLE_RATE_HZ / 3600:.2f} h so far', flush=True)
    (CACHE / 'audio.json').write_text(json.dumps(rows))


if __name__ == '__main__':
    main()
