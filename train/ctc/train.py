"""Trains the network; resumes from its last checkpoint.

Command: /usr/bin/python3 -m train.ctc.train --run first --steps 3000
Writes CACHE/<run>.pt every CHECK_EVERY steps, with the moving average of the weights, and prints the loss and the
greedy error rates on the held-out speakers. A resumed run may be given other steps: the learning rate falls to zero
at the last of them.
"""
import argparse
import copy
import time

import torch
from torch.nn import functional

from train.learning import follow, learning_rate
from train.score import error_rates, greedy_text

from .augment import Batch, BatchMaker, Recordings
from .features import log_mel
from .model import STEM, CtcNet
from .settings import BLANK, CACHE, TOKENS

WARM_UP_STEPS, WEIGHT_DECAY, LARGEST_GRADIENT = 300, 0.01, 2.0
AVERAGE_STEPS = 200
GROWING_STEPS = 2500  # over which noise, levels and masks grow to their full strength
CHECK_EVERY = 200


class Trainer:
    """The state of one run: network, its moving average, optimiser, step."""

    def __init__(self, options: argparse.Namespace):
        self.file = CACHE / f'{options.run}.pt'
        self.steps, self.rate, self.step = options.steps, options.rate, 0
        self.net = CtcNet(options.skip).to(memory_format=torch.channels_last)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), weight_decay=WEIGHT_DECAY, betas=(0.9, 0.98))
        self.average = copy.deepcopy(self.net).eval()
        if self.file.exists():
            state = torch.load(self.file)
            self.net.load_state_dict(state['learning'])
            self.average.load_state_dict(state['net'])
            self.optimiser.load_state_dict(state['optimiser'])
            self.step = state['step']

    def save(self) -> None:
        state = {'net': self.average.state_dict(), 'learning': self.net.state_dict(),
                 'optimiser': self.optimiser.state_dict(), 'step': self.step}
        torch.save(state, self.file.with_suffix('.new'))
        self.file.with_suffix('.new').rename(self.file)

    def learn(self, batch: Batch) -> float:
        """One step; returns the loss for each token."""
        for group in self.optimiser.param_groups:
            group['lr'] = learning_rate(self.rate, self.step, self.steps, WARM_UP_STEPS)
        with torch.autocast('cpu', dtype=torch.bfloat16):
            logits = self.net(batch.log_mel)
        log_probs = logits.float().log_softmax(2).transpose(0, 1)
        lengths = torch.full((len(logits),), len(log_probs), dtype=torch.long)
        loss = functional.ctc_loss(log_probs, batch.tokens, lengths, batch.token_counts, BLANK, zero_infinity=True)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), LARGEST_GRADIENT)
        self.optimiser.step()
        self.step += 1
        follow(self.average, self.net, self.step, AVERAGE_STEPS)
        return loss.item()


@torch.no_grad()
def check(net: CtcNet, recordings: Recordings) -> str:
    """Greedy error rates on the held-out speakers, and the first sentence as it was heard."""
    pairs = []
    for row in recordings.held_out:
        features = log_mel(recordings.power(row, 0))
        with torch.autocast('cpu', dtype=torch.bfloat16):
            logits = net(features[None, :len(features) // STEM['stride'] * STEM['stride']])
        pairs.append((greedy_text(logits[0].float(), TOKENS, BLANK), row['text'].lower()))
    rates = error_rates(pairs)
    return (f'WER {rates["wordErrorRate"] * 100:.1f} % LER {rates["letterErrorRate"] * 100:.1f} % '
            f'"{pairs[0][0][:60]}" for "{pairs[0][1][:60]}"')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--run', required=True)
    parser.add_argument('--steps', type=int, required=True)
    parser.add_argument('--rate', type=float, default=2e-3, help='the highest learning rate')
    parser.add_argument('--skip', type=float, default=0.1, help='share of the blocks left out of a step')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--threads', type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    trainer, recordings = Trainer(options), Recordings()
    torch.manual_seed(options.seed + trainer.step)  # a resumed run must not repeat its first batches
    maker = BatchMaker(recordings, options.seed + trainer.step)
    began, losses = time.time(), []
    while trainer.step < trainer.steps:
        for items in maker.epoch(shortest_first=trainer.step == 0):
            losses.append(trainer.learn(maker.batch(items, min(1.0, trainer.step / GROWING_STEPS))))
            if trainer.step % CHECK_EVERY == 0 or trainer.step == trainer.steps:
                trainer.save()
                print(f'step {trainer.step} loss {sum(losses) / len(losses):.4f} {check(trainer.average, recordings)} '
                      f'({time.time() - began:.0f} s)', flush=True)
                losses = []
            if trainer.step == trainer.steps:
                return


if __name__ == '__main__':
    main()
