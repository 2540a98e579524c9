"""Trains the network; resumes from its last checkpoint.

Command: nice -n 10 /usr/bin/python3 -m train.kws.train --run first --steps 1400     (0.3 s a step on two cores)
Writes CACHE/<run>.pt (every 200 steps) and prints loss, accuracy on held-out speakers and time.
"""
import argparse
import math
import time

import torch
from torch.nn import functional
from torch.utils.data import DataLoader, IterableDataset

from .augment import WindowMaker
from .bank import Bank
from .features import Mfcc
from .model import KeywordNet
from .settings import CACHE, LABELS, MFCC
from .sounds import uniform

BATCH = 256
WARM_UP_STEPS, WEIGHT_DECAY = 50, 0.02
CHECK_EVERY, CHECK_BATCHES = 200, 8


def vary_microphone(energies: torch.Tensor) -> torch.Tensor:
    """Multiplies mel energies [batch, frames, mels] by a random smooth frequency response of ± 8 dB."""
    count, _, mels = energies.shape
    place = torch.linspace(0, 1, mels)
    tilt = uniform(count, -0.6, 0.6)[:, None] * (place - 0.5)
    ripple = uniform(count, -0.35, 0.35)[:, None] * torch.cos(
        math.pi * (uniform(count, 1, 6)[:, None] * place + uniform(count, 0, 2)[:, None]))
    return energies * torch.exp(tilt + ripple)[:, None]


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


def learning_rate(peak: float, step: int, steps: int) -> float:
    """Linear warm-up, then a half cosine to zero."""
    if step < WARM_UP_STEPS:
        return peak * (step + 1) / WARM_UP_STEPS
    return peak * 0.5 * (1 + math.cos(math.pi * (step - WARM_UP_STEPS) / (steps - WARM_UP_STEPS)))


def log_mel_of(front_end: Mfcc, waves: torch.Tensor) -> torch.Tensor:
    """What the network sees of undisturbed windows."""
    return front_end.mel_energies(waves).clamp(min=MFCC['logFloor']).log()


class Windows(IterableDataset):
    """Endless batches of (log-mel, classes) as the network learns from them; the seed fixes them all."""

    def __init__(self, maker: WindowMaker, seed: int):
        self.maker, self.seed, self.front_end = maker, seed, Mfcc()

    @torch.no_grad()
    def __iter__(self):
        torch.manual_seed(self.seed)
        while True:
            waves, classes = self.maker.batch(BATCH)
            energies = vary_microphone(self.front_end.mel_energies(waves))
            yield mask(energies.clamp(min=MFCC['logFloor']).log()), classes


class Trainer:
    """The state of one run: network, optimiser, step."""

    def __init__(self, options: argparse.Namespace):
        self.file = CACHE / f'{options.run}.pt'
        self.steps, self.rate, self.step = options.steps, options.rate, 0
        self.front_end = Mfcc()
        self.net = KeywordNet(options.dropout).to(memory_format=torch.channels_last)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), weight_decay=WEIGHT_DECAY)
        if options.start_from and not self.file.exists():
            self.net.load_state_dict(torch.load(CACHE / f'{options.start_from}.pt')['net'])
        if self.file.exists():
            state = torch.load(self.file)
            self.net.load_state_dict(state['net'])
            self.optimiser.load_state_dict(state['optimiser'])
            self.step = state['step']

    def save(self) -> None:
        state = {'net': self.net.state_dict(), 'optimiser': self.optimiser.state_dict(), 'step': self.step}
        torch.save(state, self.file.with_suffix('.new'))
        self.file.with_suffix('.new').rename(self.file)

    def learn(self, log_mel: torch.Tensor, classes: torch.Tensor) -> float:
        """One step; returns the loss."""
        for group in self.optimiser.param_groups:
            group['lr'] = learning_rate(self.rate, self.step, self.steps)
        loss = functional.cross_entropy(self.net(log_mel), classes, label_smoothing=0.02)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        self.step += 1
        return loss.item()

    @torch.no_grad()
    def check(self, maker: WindowMaker) -> str:
        """Recall by class on windows of held-out speakers; the same windows every time."""
        with torch.random.fork_rng():
            torch.manual_seed(7)
            self.net.eval()
            pairs = [(self.net(log_mel_of(self.front_end, waves)).argmax(1), classes)
                     for waves, classes in (maker.batch(BATCH) for _ in range(CHECK_BATCHES))]
            self.net.train()
        guess, truth = (torch.cat(column) for column in zip(*pairs))
        recalls = [f'{label} {(guess[truth == index] == index).float().mean():.2f}' for index, label in enumerate(LABELS)]
        return f'{(guess == truth).float().mean():.4f}  ' + ' '.join(recalls)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--run', required=True)
    parser.add_argument('--steps', type=int, default=2000)
    parser.add_argument('--rate', type=float, default=4e-3, help='the highest learning rate')
    parser.add_argument('--dropout', type=float, default=0.1, help='share of the last features hidden')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--start-from', help='an earlier run whose weights to begin with')
    options = parser.parse_args()
    torch.set_num_threads(1)  # one core learns while the other makes windows
    torch.manual_seed(options.seed)
    trainer = Trainer(options)
    held_out = WindowMaker(Bank(True))
    # a resumed run must not repeat its first windows
    windows = Windows(WindowMaker(Bank(False)), options.seed + trainer.step)
    batches = iter(DataLoader(windows, batch_size=None, num_workers=1, prefetch_factor=4))
    began, losses = time.time(), []
    while trainer.step < trainer.steps:
        losses.append(trainer.learn(*next(batches)))
        if trainer.step % CHECK_EVERY == 0 or trainer.step == trainer.steps:
            trainer.save()
            print(f'step {trainer.step} loss {sum(losses) / len(losses):.4f} held-out {trainer.check(held_out)} '
                  f'({time.time() - began:.0f} s)', flush=True)
            losses = []


if __name__ == '__main__':
    main()
