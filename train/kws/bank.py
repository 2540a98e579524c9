"""The recordings in memory and where the word lies in each clip."""
import json
from dataclasses import dataclass

import numpy as np
import torch

from .settings import CACHE, KEYWORDS, SAMPLE_RATE_HZ, SILENCE, WINDOW_SAMPLES, holds_keyword, is_held_out

EXTENT_FRAME = 160  # 10 ms
NOISE_TRAIN_SHARE = 0.85  # the rest of each noise file is held out


@dataclass
class Clips:
    """Pieces of the bank: first sample, length and, for words, the extent of the word in samples of the piece."""
    start: torch.Tensor
    length: torch.Tensor
    word_start: torch.Tensor
    word_end: torch.Tensor

    def __len__(self) -> int:
        return len(self.start)


def word_extent(samples: np.ndarray) -> tuple[int, int]:
    """First and last sample of the loudest stretch: frames over the noise floor, joined over gaps of 150 ms."""
    count = len(samples) // EXTENT_FRAME
    level = np.log10(1.0 + samples[:count * EXTENT_FRAME].reshape(count, -1).astype(np.float64).std(axis=1))
    floor, peak = np.percentile(level, 10), level.max()
    active = np.flatnonzero(level > floor + 0.35 * (peak - floor))
    groups = np.split(active, np.flatnonzero(np.diff(active) > 15) + 1)
    best = max(groups, key=lambda group: (10.0 ** level[group]).sum())
    return int(max(0, best[0] - 2) * EXTENT_FRAME), int(min(count, best[-1] + 4) * EXTENT_FRAME)


class Bank:
    """All audio as one int16 tensor, and `Clips` by purpose for one side of the split by speaker."""

    def __init__(self, held_out: bool):
        rows = json.loads((CACHE / 'audio.json').read_text())
        synthetic = json.loads((CACHE / 'synthetic.json').read_text())
        audio, spoken = (np.fromfile(CACHE / f'{name}.i16', dtype='<i2') for name in ('audio', 'synthetic'))
        for row in synthetic:
            row['start'] += len(audio)
        self.samples = torch.from_numpy(np.concatenate([audio, spoken]))
        self.noise = self._clips([self._noise_part(row, held_out) for row in rows if row['set'] == 'noise'])
        rows = [row for row in rows + synthetic if row['set'] != 'noise' and is_held_out(row['speaker']) == held_out]
        words = [row for row in rows if row['set'].startswith('speech-commands') and row['label'] != SILENCE]
        spoken_rows = [row for row in rows if row['set'] == 'synthetic']
        self.noise_clips = self._clips([row for row in rows if row['label'] == SILENCE])
        self.running = self._clips([row for row in rows if row['set'].startswith(('librispeech', 'ljspeech'))
                                    and not holds_keyword(row['text'])])
        self.hard = self._hard_windows() if not held_out else None
        self.keywords = [self._words([row for row in words if row['label'] == word]) for word in KEYWORDS]
        self.spoken_keywords = [self._words([r for r in spoken_rows if r['label'] == word]) for word in KEYWORDS]
        self.others = self._words([row for row in words if row['label'] not in KEYWORDS])
        self.spoken_others = self._words([row for row in spoken_rows if row['label'] not in KEYWORDS])

    def _hard_windows(self) -> Clips | None:
        """Seconds found by mine.py with 0.2 s on either side, where there are any."""
        file = CACHE / 'hard.json'
        if not file.exists():
            return None
        margin = SAMPLE_RATE_HZ // 5
        return self._clips([{'start': max(0, first - margin), 'length': WINDOW_SAMPLES + 2 * margin}
                            for first in json.loads(file.read_text())])

    @staticmethod
    def _noise_part(row: dict, held_out: bool) -> dict:
        split = int(row['length'] * NOISE_TRAIN_SHARE)
        first, last = (split, row['length']) if held_out else (0, split)
        return {**row, 'start': row['start'] + first, 'length': last - first}

    def _clips(self, rows: list[dict], extents: list[tuple[int, int]] | None = None) -> Clips:
        extents = extents or [(0, row['length']) for row in rows]
        columns = zip(*[(row['start'], row['length'], *extent) for row, extent in zip(rows, extents)])
        return Clips(*[torch.tensor(column) for column in columns])

    def _words(self, rows: list[dict]) -> Clips:
        samples = self.samples.numpy()
        return self._clips(rows, [word_extent(samples[r['start']:r['start'] + r['length']]) for r in rows])
