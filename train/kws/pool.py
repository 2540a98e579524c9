"""Makes the windows that the network learns from, with what the teacher hears in each: CACHE/pool/NNN.npz.

Command: nice -n 5 /usr/bin/python3 -m train.kws.pool --shards 50      (30 s a shard of 8,192 windows; resumes)
Each shard holds mel energies as float16 logarithms [windows, 49, 40], classes, and the teacher's logits. The teacher
hears the words before room, noise and microphone; seconds of a sentence in which it suspects a keyword that the
transcript does hold are left out. A shard's seed is its number, so shards
can be made anew one by one; it also depends on what mine.py had found by then.
"""
import argparse
import time

import numpy as np
import torch

from .augment import Batch, WindowMaker
from .bank import FIRST_KEYWORD, Bank
from .features import Mfcc
from .settings import CACHE, KEYWORDS, LABELS, MFCC, SILENCE
from .teacher import Teacher

POOL = CACHE / 'pool'
SHARD_WINDOWS, BATCH = 8192, 256
TEACHER_PEAK = 0.9  # it hears most at full level: 84 % of the keywords, 64 % at a peak of 0.1
CERTAIN = 20.0
DOUBT = 0.1  # posterior of a keyword of the transcript from which a window of a sentence is left out


def in_doubt(spoken: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
    """Whether a window may hold one of the keywords that its sentence holds."""
    bits = (spoken[:, None] >> torch.arange(len(KEYWORDS))) & 1
    return ((logits.softmax(1)[:, FIRST_KEYWORD:] > DOUBT) & bits.bool()).any(1)


def taught(teacher: Teacher, batch: Batch) -> torch.Tensor:
    """[count, 12] logits: what the teacher hears in the clean speech at full level, certainty for the silence."""
    loud = batch.clean / batch.clean.abs().amax(1, keepdim=True).clamp(min=1e-3) * TEACHER_PEAK
    silence = torch.zeros(len(batch.waves) - len(loud), len(LABELS))
    silence[:, LABELS.index(SILENCE)] = CERTAIN
    return torch.cat([teacher(loud), silence])


@torch.no_grad()
def make_shard(maker: WindowMaker, teacher: Teacher, front_end: Mfcc, seed: int) -> dict[str, np.ndarray]:
    torch.manual_seed(seed)
    parts = []
    for _ in range(SHARD_WINDOWS // BATCH):
        batch = maker.batch(BATCH)
        logits = taught(teacher, batch)
        keep = torch.ones(BATCH, dtype=torch.bool)
        keep[:len(batch.spoken)] = ~in_doubt(batch.spoken, logits[:len(batch.spoken)])
        energies = front_end.mel_energies(batch.waves[keep]).clamp(min=0.1 * MFCC['logFloor']).log()
        parts.append((energies.half(), batch.classes[keep].to(torch.int8), logits[keep].half()))
    return {name: torch.cat(column).numpy() for name, column in zip(('log_mel', 'classes', 'teacher'), zip(*parts))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--shards', type=int, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    POOL.mkdir(parents=True, exist_ok=True)
    maker, teacher, front_end = None, Teacher(), Mfcc()
    for number in range(options.shards):
        file = POOL / f'{number:03}.npz'
        if file.exists():
            continue
        began = time.time()
        hard = CACHE / 'hard.json'
        mined = hard.stat().st_mtime if hard.exists() else 0.0
        if maker is None or mined != last_mined:  # mine.py may run meanwhile
            maker, last_mined = WindowMaker(Bank(held_out=False)), mined
        shard = make_shard(maker, teacher, front_end, seed=1000 + number)
        np.savez(file.with_suffix('.new.npz'), **shard)
        file.with_suffix('.new.npz').rename(file)
        print(f'{file.name}: {len(shard["classes"])} windows, {time.time() - began:.0f} s', flush=True)


if __name__ == '__main__':
    main()
