"""Trains the network; resumes from its last checkpoint.

Command: nice -n 10 /usr/bin/python3 -m train.kws.train --run first --steps 1400     (0.5 s of one core a step)
Writes CACHE/<run>.pt (every 200 steps) and prints loss, accuracy on held-out speakers and time.
"""
import argparse
import math
import time

import torch
from torch.nn import functional

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


class Trainer:
    """The state of one run: network, optimiser, step."""

    def __init__(self, run: str, steps: int, rate: float, start_from: str | None):
        self.file, self.steps, self.rate, self.step = CACHE / f'{run}.pt', steps, rate, 0
        self.front_end = Mfcc()
        self.net = KeywordNet().to(memory_format=torch.channels_last)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), weight_decay=WEIGHT_DECAY)
        if start_from and not self.file.exists():
            self.net.load_state_dict(torch.load(CACHE / f'{start_from}.pt')['net'])
        if self.file.exists():
            state = torch.load(self.file)
            self.net.load_state_dict(state['net'])
            self.optimiser.load_state_dict(state['optimiser'])
            self.step = state['step']

    def save(self) -> None:
        state = {'net': self.net.state_dict(), 'optimiser': self.optimiser.state_dict(), 'step': self.step}
        torch.save(state, self.file.with_suffix('.new'))
        self.file.with_suffix('.new').rename(self.file)

    def log_mel(self, waves: torch.Tensor, vary: bool) -> torch.Tensor:
        energies = self.front_end.mel_energies(waves)
        log_mel = (vary_microphone(energies) if vary else energies).clamp(min=MFCC['logFloor']).log()
        return mask(log_mel) if vary else log_mel

    def learn(self, maker: WindowMaker) -> float:
        """One step; returns the loss."""
        waves, classes = maker.batch(BATCH)
        for group in self.optimiser.param_groups:
            group['lr'] = learning_rate(self.rate, self.step, self.steps)
        loss = functional.cross_entropy(self.net(self.log_mel(waves, True)), classes, label_smoothing=0.02)
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
            pairs = [(self.net(self.log_mel(waves, False)).argmax(1), classes)
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
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--threads', type=int, default=2)
    parser.add_argument('--start-from', help='an earlier run whose weights to begin with')
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    trainer = Trainer(options.run, options.steps, options.rate, options.start_from)
    torch.manual_seed(options.seed + trainer.step)  # a resumed run must not repeat its first windows
    maker, held_out = WindowMaker(Bank(False)), WindowMaker(Bank(True))
    began, losses = time.time(), []
    while trainer.step < trainer.steps:
        losses.append(trainer.learn(maker))
        if trainer.step % CHECK_EVERY == 0 or trainer.step == trainer.steps:
            trainer.save()
            print(f'step {trainer.step} loss {sum(losses) / len(losses):.4f} held-out {trainer.check(held_out)} '
                  f'({time.time() - began:.0f} s)', flush=True)
            losses = []


if __name__ == '__main__':
    main()
