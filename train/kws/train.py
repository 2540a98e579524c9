"""Trains the network on the pool of windows; resumes from its last checkpoint.

Command: /usr/bin/python3 -m train.kws.train --run base --steps 12000
Learns from the classes and from the teacher's posteriors. Shards that pool.py adds meanwhile are taken in. Writes
CACHE/<run>.pt (every 500 steps) and prints loss, accuracy on held-out speakers and time.
"""
import argparse
import time

import numpy as np
import torch
from torch.nn import functional

from train.learning import Plan, Run

from .augment import WindowMaker, render
from .bank import FIRST_KEYWORD, Bank, join
from .features import Mfcc
from .model import KeywordNet
from .pool import POOL
from .settings import CACHE, LABELS, MFCC, UNKNOWN
from .sounds import uniform, vary_microphone

BATCH, SHARDS_AT_ONCE = 256, 8
WARM_UP_STEPS, WEIGHT_DECAY = 200, 0.02
CHECK_EVERY, CHECK_BATCHES = 500, 8
TEACHER_SHARE, TEMPERATURE = 0.6, 2.0
AVERAGE_STEPS = 500


def mask(log_mel: torch.Tensor) -> torch.Tensor:
    """Hides a random band of up to 7 mels and a stretch of up to 5 frames in half the windows each."""
    count, frames, mels = log_mel.shape
    mean = log_mel.mean(dim=(1, 2), keepdim=True)

    def stretch(size: int, longest: int) -> torch.Tensor:
        first = torch.randint(size, (count, 1))
        length = torch.randint(longest + 1, (count, 1)) * (torch.rand(count, 1) < 0.5)
        index = torch.arange(size)[None]
        return (index >= first) & (index < first + length)

    hidden = stretch(mels, 7)[:, None, :] | stretch(frames, 5)[:, :, None]
    return torch.where(hidden, mean, log_mel)


def loss_of(logits: torch.Tensor, classes: torch.Tensor, teacher: torch.Tensor) -> torch.Tensor:
    """Cross entropy with the class; where the teacher hears the same class, its softened posteriors for the larger part
    (Hinton et al. 2015)."""
    right = functional.cross_entropy(logits, classes, reduction='none', label_smoothing=0.02)
    soft = -(functional.softmax(teacher / TEMPERATURE, 1) * functional.log_softmax(logits / TEMPERATURE, 1)).sum(1)
    share = TEACHER_SHARE * (teacher.argmax(1) == classes)
    return ((1 - share) * right + share * TEMPERATURE ** 2 * soft).mean()


class Pool:
    """Endless batches from random shards, some of them in memory at a time."""

    def __init__(self):
        self.generator = np.random.default_rng(torch.initial_seed() % 2 ** 32)

    def __iter__(self):
        while True:
            files = sorted(POOL.glob('???.npz'))
            shards = [np.load(files[i]) for i in self.generator.permutation(len(files))[:SHARDS_AT_ONCE]]
            log_mel, classes, teacher = (torch.from_numpy(np.concatenate([shard[name] for shard in shards]))
                                         for name in ('log_mel', 'classes', 'teacher'))
            for rows in torch.randperm(len(classes)).split(BATCH)[:-1]:
                energies = vary_microphone(log_mel[rows].float().exp())
                yield mask(energies.clamp(min=MFCC['logFloor']).log()), classes[rows].long(), teacher[rows].float()


class Check:
    """Windows and recorded clips of held-out speakers; the same every time."""

    @torch.no_grad()
    def __init__(self):
        bank, front_end = Bank(held_out=True), Mfcc()
        with torch.random.fork_rng():
            torch.manual_seed(7)
            batches = [WindowMaker(bank).batch(BATCH)[:2] for _ in range(CHECK_BATCHES)]
        clips = join(*bank.keywords, bank.others)
        classes = [torch.full((len(part),), FIRST_KEYWORD + word) for word, part in enumerate(bank.keywords)]
        unknown = torch.full((len(bank.others),), LABELS.index(UNKNOWN))
        waves = render(bank.samples, clips, torch.ones(len(clips)), torch.zeros(len(clips)))
        self.sets = {'windows': tuple(map(torch.cat, zip(*batches))), 'clips': (waves, torch.cat([*classes, unknown]))}
        self.sets = {name: (front_end.mel_energies(waves).clamp(min=MFCC['logFloor']).log(), classes)
                     for name, (waves, classes) in self.sets.items()}

    @torch.no_grad()
    def __call__(self, net: KeywordNet) -> str:
        """Accuracy on both, and the recall of each class on the clips (the mean of them is what to choose by)."""
        net.eval()
        texts = []
        for name, (log_mel, classes) in self.sets.items():
            guess = torch.cat([net(part).argmax(1) for part in log_mel.split(BATCH)])
            recalls = [(guess[classes == index] == index).float().mean().item() for index in classes.unique()]
            texts.append(f'{name} {(guess == classes).float().mean() * 100:.2f} % (mean recall '
                         f'{sum(recalls) / len(recalls) * 100:.2f})')
        by_class = ' '.join(f'{LABELS[index]} {recall * 100:.0f}' for index, recall in zip(classes.unique(), recalls))
        return f'{", ".join(texts)}: {by_class}'


class Trainer(Run):
    """A run of the network."""

    def __init__(self, options: argparse.Namespace):
        net = KeywordNet(options.dropout).to(memory_format=torch.channels_last)
        optimiser = torch.optim.AdamW(net.parameters(), weight_decay=WEIGHT_DECAY)
        super().__init__(net, optimiser, Plan(CACHE / f'{options.run}.pt', options.steps, options.rate, WARM_UP_STEPS,
                                              AVERAGE_STEPS))
        if self.step == 0 and options.start_from:
            weights = torch.load(CACHE / f'{options.start_from}.pt')['net']
            self.net.load_state_dict(weights)
            self.average.load_state_dict(weights)

    def learn(self, log_mel: torch.Tensor, classes: torch.Tensor, teacher: torch.Tensor) -> float:
        """One step; returns the loss."""
        with torch.autocast('cpu', dtype=torch.bfloat16):
            logits = self.net(log_mel)
        loss = loss_of(logits.float(), classes, teacher)
        self.take_step(loss)
        return loss.item()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--run', required=True)
    parser.add_argument('--steps', type=int, required=True)
    parser.add_argument('--rate', type=float, default=4e-3, help='the highest learning rate')
    parser.add_argument('--dropout', type=float, default=0.1, help='share of the last features hidden')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--start-from', help='an earlier run whose weights to begin with')
    options = parser.parse_args()
    torch.set_num_threads(1)  # the other core makes windows
    torch.manual_seed(options.seed)
    trainer, check = Trainer(options), Check()
    torch.manual_seed(options.seed + trainer.step)  # a resumed run must not repeat its first windows
    batches = iter(Pool())
    began, losses = time.time(), []
    while trainer.step < options.steps:
        losses.append(trainer.learn(*next(batches)))
        if trainer.step % CHECK_EVERY == 0 or trainer.step == options.steps:
            trainer.save()
            print(f'step {trainer.step} loss {sum(losses) / len(losses):.4f} {check(trainer.average)} '
                  f'({time.time() - began:.0f} s)', flush=True)
            losses = []


if __name__ == '__main__':
    main()
