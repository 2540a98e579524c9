"""What the trainings have in common."""
import copy
import math
from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn


class Plan(NamedTuple):
    """How a run learns."""
    file: Path  # where its state is kept
    steps: int
    rate: float  # the highest learning rate
    warm_up_steps: int
    average_steps: int  # the weights that count are a moving average over about so many steps
    largest_gradient: float = math.inf


class Run:
    """The state of one run: network, its moving average, optimiser, step. Goes on from its file where there is one."""

    def __init__(self, net: nn.Module, optimiser: torch.optim.Optimizer, plan: Plan):
        self.net, self.optimiser, self.plan, self.step = net, optimiser, plan, 0
        self.average = copy.deepcopy(net).eval()
        if plan.file.exists():
            state = torch.load(plan.file)
            self.net.load_state_dict(state['learning'])
            self.average.load_state_dict(state['net'])
            self.optimiser.load_state_dict(state['optimiser'])
            self.step = state['step']

    def save(self) -> None:
        state = {'net': self.average.state_dict(), 'learning': self.net.state_dict(),
                 'optimiser': self.optimiser.state_dict(), 'step': self.step}
        torch.save(state, self.plan.file.with_suffix('.new'))
        self.plan.file.with_suffix('.new').rename(self.plan.file)

    def take_step(self, loss: torch.Tensor) -> None:
        """Learns from the loss of a batch."""
        for group in self.optimiser.param_groups:
            group['lr'] = learning_rate(self.plan.rate, self.step, self.plan.steps, self.plan.warm_up_steps)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if self.plan.largest_gradient < math.inf:
            torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.plan.largest_gradient)
        self.optimiser.step()
        self.step += 1
        follow(self.average, self.net, self.step, self.plan.average_steps)


def learning_rate(peak: float, step: int, steps: int, warm_up_steps: int) -> float:
    """Linear warm-up, then a half cosine to zero."""
    if step < warm_up_steps:
        return peak * (step + 1) / warm_up_steps
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warm_up_steps) / (steps - warm_up_steps)))


@torch.no_grad()
def follow(average: nn.Module, net: nn.Module, step: int, average_steps: int) -> None:
    """Moves a moving average of the weights towards those after `step` steps."""
    pace = max(1 / average_steps, 1 / (1 + step))
    averaged, learning = average.state_dict(), net.state_dict()
    for name, value in averaged.items():
        if value.is_floating_point():
            value.lerp_(learning[name], pace)
